export { type Band, type ComparisonPlot, comparisonPlot, type RunsOf } from './comparison-plot.js'
export { type ContourPlot, contourPlot, type PlanePath } from './contour-plot.js'

export { type DescentPlot, descentPlot } from './descent-plot.js'
export { type Axis, Figure, type Layout, type LineTrace } from './figure.js'
export {
  type CurvesPlot,
  curvesPlot,
  type HistoryPlot,
  historyPlot,
  type Run,
  runsPlot,
} from './history-plot.js'
export { type Lines, lines, type Series } from './lines.js'
export { type PanelLayout, Panels, type PanelsOptions, panels } from './panels.js'
export { type RangePlot, type RangeRow, rangePlot } from './range-plot.js'
export { type SchedulePlot, schedulePlot } from './schedule-plot.js'
