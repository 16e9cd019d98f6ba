import type { Figure, LineTrace } from './figure.js'
import { strokes } from './palette.js'
import { summary } from './summary.js'

const width = 640
const height = 380
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

function legend({ data, layout }: Figure): Entry[] {
  if (!layout.showlegend) return []
  let x = margin
  let row = 0
  return data.map((trace) => {
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

function points({ x, y }: LineTrace, log: boolean): Point[] {
  return y.flatMap((value, index) => {
    const at = x[index] ?? null
    if (at === null) return []
    return [{ x: at, y: value === null || (log && value <= 0) ? null : value }]
  })
}

/** 10⁻³ for 0.001; nothing for the values between powers of ten, whose labels would lie on each other. */
function power(value: number): string {
  const exponent = Math.round(Math.log10(value))
  if (Math.abs(value / 10 ** exponent - 1) > 1e-9) return ''
  if (Math.abs(exponent) < 3) return String(10 ** exponent)
  return `10${[...String(exponent)].map((sign) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt('-0123456789'.indexOf(sign))).join('')}`
}

/**
 * The figure as SVG text, drawn by Observable Plot on a document without a browser: 3 ms, where Plotly cannot draw in Node.
 * Ink is currentColor and the paper one rectangle, so that a page can give both its own colours; alone, it is a white card.
 * Both packages are loaded here and only here: whoever shows no figure does not wait for them, and a page has neither.
 */
export async function drawSvg(figure: Figure): Promise<string> {
  const [Plot, { parseHTML }] = await Promise.all([
    import('@observablehq/plot'),
    import('linkedom'),
  ])
  const { document } = parseHTML('<html></html>')
  const { data, layout } = figure
  const log = layout.yaxis.type === 'log'
  const entries = legend(figure)
  const rows = entries.length > 0 ? (entries.at(-1)?.row ?? 0) + 1 : 0
  const top = 36 + rows * 20

  const marks = data.flatMap((trace) => {
    const shown = points(trace, log)
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
  const svg = Plot.plot({
    document,
    width,
    height,
    marginLeft: left,
    marginRight: 20,
    marginTop: top + 26,
    marginBottom: 44,
    x: { label: layout.xaxis.title.text, labelAnchor: 'center', labelArrow: 'none', ticks: 8 },
    y: {
      label: null,
      type: layout.yaxis.type,
      ticks: 6,
      ...(log ? { tickFormat: power } : {}),
      grid: true,
      nice: true,
    },
    marks,
  })

  const text = (
    x: number,
    y: number,
    content: string,
    more: Record<string, string | number> = {},
  ) => make('text', { x, y, fill: 'currentColor', 'text-anchor': 'start', ...more }, content)
  const make = (name: string, attributes: Record<string, string | number>, text?: string) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
    if (text !== undefined) element.textContent = text
    return element
  }
  // Plot's own style sheet would be dropped by any sanitizer, and its class collides with other pictures of the page.
  svg.querySelector('style')?.remove()
  svg.removeAttribute('class')
  // The picture has one name; those of its parts ("line", "x-axis tick") stand on elements that may have none.
  for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
  const root: Record<string, string | number> = {
    xmlns: 'http://www.w3.org/2000/svg',
    role: 'img',
    'aria-label': layout.meta.alt,
    color: '#20242c',
    'font-family': 'system-ui, sans-serif',
    'font-size': 12,
  }
  for (const [key, value] of Object.entries(root)) svg.setAttribute(key, String(value))
  svg.prepend(
    make('title', {}, layout.title.text),
    make('desc', {}, summary(figure)),
    make('rect', { class: 'paper', width: '100%', height: '100%', fill: '#ffffff' }),
    text(margin, 24, layout.title.text, { 'font-size': 15, 'font-weight': 600 }),
    text(margin, top + 14, layout.yaxis.title.text),
    ...entries.flatMap(({ trace, x, row }) => {
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
    }),
  )
  return svg.outerHTML
}
