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
export { type SchedulePlot, schedulePlot } from './schedule-plot.js'
