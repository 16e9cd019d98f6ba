import { Figure, type LineTrace } from './figure.js'
import { type Dash, styleOf } from './palette.js'

/** Numbers by index: an array or a typed array. */
export type Numbers = ArrayLike<number>

/** One line (or cloud of dots) of a figure. */
export interface Series {
  /** What the legend and the text summary call it. */
  name: string
  /** Default 0, 1, 2, … */
  x?: Numbers
  y: Numbers
  /** Default: solid for the first series, another style for each further one. */
  dash?: Dash
  /** Dots: on the line (`true`) or instead of it (`'only'`). Default false. */
  markers?: boolean | 'only'
}

/** What `lines` draws. */
export interface Lines {
  title: string
  /** Name and unit of the horizontal axis: "step". */
  xTitle: string
  /** Name and unit of the vertical axis: "loss (nats)". */
  yTitle: string
  series: readonly Series[]
  /** What the figure shows, in one sentence, for those who cannot see it. Default: title and axes. */
  alt?: string
  /** Logarithmic vertical axis; values ≤ 0 are left out of it. Default false. */
  logY?: boolean
}

function list(values: Numbers): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null))
}

function trace({ name, x, y, dash, markers = false }: Series, index: number): LineTrace {
  if (x !== undefined && x.length !== y.length) {
    throw new RangeError(
      `lines: series "${name}" needs as many x as y, got ${x.length} and ${y.length}`,
    )
  }
  const style = styleOf(index)
  return {
    type: 'scatter',
    mode: markers === 'only' ? 'markers' : markers ? 'lines+markers' : 'lines',
    name,
    x: x === undefined ? Array.from({ length: y.length }, (_, i) => i) : list(x),
    y: list(y),
    line: { color: style.color, dash: dash ?? style.dash, width: 2 },
    marker: { color: style.color, size: 6 },
  }
}

/**
 * Lines of numbers against numbers: the figure that the others are made of.
 * Values that are not finite become gaps, so that a diverged run can be shown as far as it goes.
 * @throws RangeError when there is no series, or one has not as many x as y
 * @example lines({ title: 'f(x) = x²', xTitle: 'x', yTitle: 'f', series: [{ name: 'f', x: [0, 1, 2], y: [0, 1, 4] }] })
 */
export function lines({ title, xTitle, yTitle, series, alt, logY = false }: Lines): Figure {
  if (series.length === 0) throw new RangeError('lines: series must hold at least one, got none')
  return new Figure(series.map(trace), {
    title: { text: title },
    xaxis: { title: { text: xTitle }, type: 'linear', exponentformat: 'power' },
    yaxis: { title: { text: yTitle }, type: logY ? 'log' : 'linear', exponentformat: 'power' },
    showlegend: series.length > 1,
    meta: { alt: alt ?? `${title}: ${yTitle} against ${xTitle}.` },
  })
}
