import { extent } from './extent.js'
import { type Axis, Figure, type LineTrace } from './figure.js'
import { bandOpacity, type Dash, styleOf, translucent } from './palette.js'
import { logLabels } from './ticks.js'

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
  /** A band around the line, such as mean ± sd; where an edge is not finite, it has a gap. */
  band?: { low: Numbers; high: Numbers }
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
  /** Logarithmic horizontal axis; points at x ≤ 0 are left out of it. Default false. */
  logX?: boolean
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
    marker: { color: style.color, size: 6, symbol: style.symbol },
  }
}

/** A line's band, if it has one, comes before it: lines lie over bands. */
function traces(series: Series, index: number): LineTrace[] {
  const line = trace(series, index)
  if (!series.band) return [line]
  const { low, high } = series.band
  if (low.length !== line.y.length || high.length !== line.y.length)
    throw new RangeError(
      `lines: the band of "${series.name}" needs as many values as the line, ${line.y.length}, got ${low.length} and ${high.length}`,
    )
  const whole = [...line.x.keys()].filter((k) => Number.isFinite(low[k]! + high[k]!))
  const back = whole.toReversed()
  const band: LineTrace = {
    ...line,
    mode: 'none',
    x: [...whole, ...back].map((k) => line.x[k]!),
    y: [...whole.map((k) => high[k]!), ...back.map((k) => low[k]!)],
    fill: 'toself',
    fillcolor: translucent(line.line.color, bandOpacity),
    hoverinfo: 'skip',
    showlegend: false,
    legendgroup: series.name,
  }
  return [band, { ...line, legendgroup: series.name }]
}

function axis(title: string, log: boolean, values: readonly (number | null)[]): Axis {
  const { min = 0, max = 0 } = extent(log ? values.filter((value) => value! > 0) : values) ?? {}
  const largest = Math.max(max, -min)
  const plain = !log && (largest === 0 || (largest >= 1e-4 && largest < 1e6))
  return {
    title: { text: title },
    type: log ? 'log' : 'linear',
    exponentformat: plain ? 'none' : 'power',
    ...(log && logLabels(min, max)),
  }
}

/** Of few whole numbers every one has its label, and no half between them has one. */
function whole(values: readonly (number | null)[]): { dtick?: 1 } {
  const there = values.filter((value) => value !== null)
  const { min = 0, max = 0 } = extent(there) ?? {}
  const span = max - min
  return there.every(Number.isInteger) && span >= 1 && span <= 8 ? { dtick: 1 } : {}
}

/** Of one and the same value everywhere Plotly shows ±1 around it, where a learning rate of 0.001 looks like 0. */
function aroundOne(traces: readonly LineTrace[]): { range?: readonly [number, number] } {
  const values = new Set(traces.flatMap(({ y }) => y.filter((value) => value !== null)))
  const [only] = values
  if (values.size !== 1 || !only) return {}
  return { range: only > 0 ? [0, 2 * only] : [2 * only, 0] }
}

/**
 * Lines of numbers against numbers: the figure that the others are made of.
 * Values that are not finite become gaps, so that a diverged run can be shown as far as it goes.
 * @throws RangeError when there is no series, or one has not as many x as y
 * @example lines({ title: 'f(x) = x²', xTitle: 'x', yTitle: 'f', series: [{ name: 'f', x: [0, 1, 2], y: [0, 1, 4] }] })
 */
export function lines({
  title,
  xTitle,
  yTitle,
  series,
  alt,
  logX = false,
  logY = false,
}: Lines): Figure {
  if (series.length === 0) throw new RangeError('lines: series must hold at least one, got none')
  const all = series.flatMap(traces)
  const [xs, ys] = [all.flatMap(({ x }) => x), all.flatMap(({ y }) => y)]
  return new Figure(all, {
    title: { text: title },
    xaxis: { ...axis(xTitle, logX, xs), ...(!logX && whole(xs)) },
    yaxis: { ...axis(yTitle, logY, ys), ...(!logY && aroundOne(all)) },
    showlegend: series.length > 1,
    meta: { alt: alt ?? `${title}: ${yTitle} against ${xTitle}.` },
  })
}
