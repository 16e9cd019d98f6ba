import type { Axis, Figure, Layout, LineTrace } from './figure.js'
import { bandOpacity, strokes } from './palette.js'
import { summary } from './summary.js'

/** Width and height of a picture. */
export type Size = readonly [width: number, height: number]

const left = 64
const margin = 12
/** Average width of a letter of the legend, which must be laid out without a browser to measure it. */
const letter = 6.6

/** One entry of the legend; entries that do not fit go to the next row. */
interface Entry {
  trace: LineTrace
  x: number
  row: number
}

function legend({ data, layout }: Figure, width: number): Entry[] {
  if (!layout.showlegend) return []
  let x = margin
  let row = 0
  return data
    .filter(({ showlegend }) => showlegend !== false)
    .map((trace) => {
      const wide = Math.round(30 + trace.name.length * letter + 18)
      if (x > margin && x + wide > width) {
        x = margin
        row += 1
      }
      const entry = { trace, x, row }
      x += wide
      return entry
    })
}

interface Point {
  x: number
  /** Null where the line has a gap. */
  y: number | null
}

function points({ x, y }: LineTrace, { xaxis, yaxis }: Layout): Point[] {
  return y.flatMap((value, index) => {
    const at = x[index] ?? null
    if (at === null || (xaxis.type === 'log' && at <= 0)) return []
    return [{ x: at, y: value === null || (yaxis.type === 'log' && value <= 0) ? null : value }]
  })
}

const superscript = (exponent: number): string =>
  [...String(exponent)].map((sign) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt('-0123456789'.indexOf(sign))).join('')

/** 10⁻³ for 0.001; nothing for the values between powers of ten, whose labels would lie on each other. */
function power(value: number): string {
  const exponent = Math.round(Math.log10(value))
  if (Math.abs(value / 10 ** exponent - 1) > 1e-9) return ''
  return Math.abs(exponent) < 3 ? String(10 ** exponent) : `10${superscript(exponent)}`
}

/** 2·10⁻¹¹ for 0.00000000002, which would be cut off at the margin. */
function scientific(value: number): string {
  const [digits, exponent] = value.toExponential().split('e')
  if (value === 0) return '0'
  return `${Number(Number(digits).toFixed(2))}·10${superscript(Number(exponent))}`.replace('-', '−')
}

/** Of an axis: its type, and how its numbers are written where Plot's own way does not do. */
function scaled({ type, range }: Axis, values: readonly (number | null)[]) {
  if (type === 'log') return { type, tickFormat: power }
  const largest = (range ?? values).reduce<number>(
    (most, value) => Math.max(most, Math.abs(value ?? 0)),
    0,
  )
  return { type, ...(largest < 1e-4 && largest > 0 ? { tickFormat: scientific } : {}) }
}

/** The legend lies between the title and the plot. */
const bottomOf = (entries: readonly Entry[]): number =>
  36 + (entries.length > 0 ? (entries.at(-1)?.row ?? 0) + 1 : 0) * 20

type ObservablePlot = typeof import('@observablehq/plot')

/** A band's edges lie behind each other in its trace. */
function edges({ x, y }: LineTrace) {
  const half = x.length / 2
  return Array.from({ length: half }, (_, k) => ({ x: x[k], y1: y.at(-1 - k), y2: y[k] }))
}

/** The traces as marks: a line, dots, or both; or a band. */
function marks(Plot: ObservablePlot, { data, layout }: Figure) {
  return data.flatMap((trace) => {
    if (trace.mode === 'none') {
      const { color: fill } = trace.line
      const options = { x: 'x', y1: 'y1', y2: 'y2', fill, fillOpacity: bandOpacity }
      return [Plot.areaY(edges(trace), options)]
    }
    const shown = points(trace, layout)
    const line = Plot.line(shown, {
      x: 'x',
      y: 'y',
      stroke: trace.line.color,
      strokeWidth: trace.line.width,
      strokeDasharray: strokes[trace.line.dash],
    })
    const dots = Plot.dot(shown, {
      x: 'x',
      y: 'y',
      r: trace.marker.size / 2,
      fill: trace.marker.color,
    })
    return [
      ...(trace.mode.includes('lines') ? [line] : []),
      ...(trace.mode.includes('markers') ? [dots] : []),
    ]
  })
}

type Attributes = Readonly<Record<string, string | number>>

/** Puts a name for screen readers, the paper, the titles and the legend into a drawn plot. */
function dress(svg: Element, figure: Figure, entries: readonly Entry[]): void {
  const { layout } = figure
  const make = (name: string, attributes: Attributes, content?: string) => {
    const element = svg.ownerDocument.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
    if (content !== undefined) element.textContent = content
    return element
  }
  const text = (x: number, y: number, content: string, more: Attributes = {}) =>
    make('text', { x, y, fill: 'currentColor', 'text-anchor': 'start', ...more }, content)
  const sample = ({ trace, x, row }: Entry) => {
    const y = 42 + row * 20
    const dash = strokes[trace.line.dash]
    const line = {
      x1: x,
      x2: x + 24,
      y1: y,
      y2: y,
      stroke: trace.line.color,
      'stroke-width': trace.line.width,
      ...(dash === undefined ? {} : { 'stroke-dasharray': dash }),
    }
    const dot = { cx: x + 12, cy: y, r: trace.marker.size / 2, fill: trace.marker.color }
    return [
      ...(trace.mode.includes('lines') ? [make('line', line)] : []),
      ...(trace.mode.includes('markers') ? [make('circle', dot)] : []),
      text(x + 30, y + 4, trace.name),
    ]
  }
  svg.prepend(
    make('title', {}, layout.title.text),
    make('desc', {}, summary(figure)),
    make('rect', { class: 'paper', width: '100%', height: '100%', fill: '#ffffff' }),
    text(margin, 24, layout.title.text, { 'font-size': 15, 'font-weight': 600 }),
    text(margin, bottomOf(entries) + 14, layout.yaxis.title.text),
    ...entries.flatMap(sample),
  )
}

/** Plot's own style sheet would be dropped by any sanitizer, and its class collides with other pictures of the page. */
function undress(svg: Element): void {
  svg.querySelector('style')?.remove()
  svg.removeAttribute('class')
  // The picture has one name; those of its parts ("line", "x-axis tick") stand on elements that may have none.
  for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
}

/**
 * The figure as SVG text, drawn by Observable Plot on a document without a browser: 3 ms, where Plotly cannot draw in Node.
 * Ink is currentColor and the paper one rectangle, so that a page can give both its own colours; alone, it is a white card.
 * Both packages are loaded here and only here: whoever shows no figure does not wait for them, and a page has neither.
 */
export async function drawSvg(figure: Figure, [width, height]: Size = [640, 380]): Promise<string> {
  const [Plot, { parseHTML }] = await Promise.all([
    import('@observablehq/plot'),
    import('linkedom'),
  ])
  const { layout } = figure
  const entries = legend(figure, width)
  const allOf = (letter: 'x' | 'y') => figure.data.flatMap((trace) => trace[letter])
  const svg = Plot.plot({
    document: parseHTML('<html></html>').document,
    width,
    height,
    marginLeft: left,
    marginRight: 20,
    marginTop: bottomOf(entries) + 26,
    marginBottom: 44,
    x: {
      label: layout.xaxis.title.text,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: Math.round(width / 80),
      ...scaled(layout.xaxis, allOf('x')),
      ...(layout.xaxis.range && { domain: layout.xaxis.range }),
    },
    y: {
      label: null,
      ticks: 6,
      ...scaled(layout.yaxis, allOf('y')),
      grid: true,
      ...(layout.yaxis.range ? { domain: layout.yaxis.range } : { nice: true }),
    },
    marks: marks(Plot, figure),
  })
  undress(svg)
  const root: Attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    role: 'img',
    'aria-label': layout.meta.alt,
    color: '#20242c',
    'font-family': 'system-ui, sans-serif',
    'font-size': 12,
  }
  for (const [key, value] of Object.entries(root)) svg.setAttribute(key, String(value))
  dress(svg, figure, entries)
  return svg.outerHTML
}
