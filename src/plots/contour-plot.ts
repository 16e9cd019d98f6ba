import { contourOf, type Place, type Window, within } from './contours.js'
import { Figure, type LineTrace } from './figure.js'
import { lines } from './lines.js'
import { short } from './summary.js'

/** A path over the plane: the places where an optimizer was. */
export type PlanePath = readonly { readonly x: number; readonly y: number }[]

/** What `contourPlot` draws. */
export interface ContourPlot extends Window {
  title: string
  /** The values of f whose lines are drawn. */
  levels: readonly number[]
  /** Paths by name; each ends where it leaves the window. */
  paths?: Readonly<Record<string, PlanePath>>
  /** Default "x" and "y". */
  xTitle?: string
  yTitle?: string
  alt?: string
}

/** One grey line for all levels; lines that do not touch are parted by gaps. */
function contourTrace(f: (x: number, y: number) => number, { levels, ...window }: ContourPlot) {
  const drawn = levels.flatMap((level) => contourOf(f, level, window))
  const trace: LineTrace = {
    type: 'scatter',
    mode: 'lines',
    name: `f = ${levels.map(short).join(', ')}`,
    x: drawn.flatMap((line) => [...line, line.at(-1)!].map(([x]) => x)),
    y: drawn.flatMap((line) => [...line.map(([, y]) => y), null]),
    line: { color: '#7A7A7A', dash: 'solid', width: 1 },
    marker: { color: '#7A7A7A', size: 6, symbol: 'circle' },
    hoverinfo: 'skip',
  }
  return trace
}

/**
 * A function of two numbers as a map, seen from above: lines of equal height, and the paths of optimizers over them. Each dot is a step.
 * @throws RangeError without levels, or for a window without width or height
 * @example contourPlot((x, y) => x * x + 50 * y * y, { title: 'A valley', x: [-10, 10], y: [-1, 1], levels: [1, 10, 50], paths: { SGD: [{ x: -10, y: 1 }, { x: -9.6, y: -0.9 }] } })
 */
export function contourPlot(f: (x: number, y: number) => number, options: ContourPlot): Figure {
  const { title, levels, paths = {}, xTitle = 'x', yTitle = 'y', alt, ...window } = options
  if (levels.length === 0)
    throw new RangeError('contourPlot: levels must hold at least one value of f, got none')
  for (const axis of ['x', 'y'] as const)
    if (!(window[axis][1] > window[axis][0]))
      throw new RangeError(
        `contourPlot: ${axis} must go from a smaller to a larger number, got [${window[axis].join(', ')}]`,
      )
  const shown = Object.entries(paths).map(([name, path]) => {
    const places = within(
      path.map(({ x, y }): Place => [x, y]),
      window,
    )
    const [x, y] = [places.map((place) => place[0]), places.map((place) => place[1])]
    return { name, x, y, markers: places.length <= 60 }
  })
  const contours = contourTrace(f, options)
  const names = shown.map(({ name }) => name).join(', ')
  const words = `${title}: lines of equal value${names === '' ? '' : `, and the paths of ${names}`}.`
  const drawn = lines({
    title,
    xTitle,
    yTitle,
    alt: alt ?? words,
    series: shown.length > 0 ? shown : [{ name: '', y: [] }],
  })
  const data = shown.length > 0 ? [contours, ...drawn.data] : [contours]
  // Maps of one window have one scale, however far the paths go.
  const [xaxis, yaxis] = [
    { ...drawn.layout.xaxis, range: window.x },
    { ...drawn.layout.yaxis, range: window.y },
  ]
  return new Figure(data, { ...drawn.layout, xaxis, yaxis, showlegend: true })
}
