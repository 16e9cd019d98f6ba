import { escapeHtml } from '../host/escape.js'
import { extent } from './extent.js'
import type { Axis, Figure, Layout, LineTrace } from './figure.js'
import { bandOpacity, strokes } from './palette.js'
import { summary } from './summary.js'
import { type Entry, heightOf, legendOf, legendSvg } from './svg-legend.js'
import { isWide, ticksOf } from './ticks.js'

/** Width and height of a picture. */
export type Size = readonly [width: number, height: number]

const left = 64
const margin = 12

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

/** From where to where an axis goes: as it was told, else as far as the numbers do. */
function rangeOf(
  { type, range }: Axis,
  values: readonly (number | null | undefined)[],
): [number, number] {
  if (range) return type === 'log' ? [10 ** range[0], 10 ** range[1]] : [...range]
  const found = extent(type === 'linear' ? values : values.filter((value) => value! > 0))
  return found ? [found.min, found.max] : [0, 1]
}

/** The legend lies between the title and the plot. */
const bottomOf = (entries: readonly Entry[]): number => 36 + heightOf(entries)

type ObservablePlot = typeof import('@observablehq/plot')

/** A band's edges lie behind each other in its trace. */
function edges({ x, y }: LineTrace) {
  const half = x.length / 2
  return Array.from({ length: half }, (_, k) => ({ x: x[k], y1: y.at(-1 - k), y2: y[k] }))
}

/** Observable Plot's names. */
const shapes = {
  circle: 'circle',
  square: 'square',
  diamond: 'diamond',
  'triangle-up': 'triangle',
  cross: 'cross',
  star: 'star',
} as const

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
      symbol: shapes[trace.marker.symbol],
    })
    return [
      ...(trace.mode.includes('lines') ? [line] : []),
      ...(trace.mode.includes('markers') ? [dots] : []),
    ]
  })
}

/** What stands before the drawing: a name for screen readers, the paper, the titles and the legend. */
function headOf(figure: Figure, entries: readonly Entry[]): string {
  const { title, yaxis } = figure.layout
  // "Train loss" need not stand above "train loss".
  const said = title.text.toLowerCase() === yaxis.title.text.toLowerCase()
  const text = (y: number, content: string, more = '') =>
    `<text x="${margin}" y="${y}" fill="currentColor" text-anchor="start"${more}>${escapeHtml(content)}</text>`
  return [
    `<title>${escapeHtml(title.text)}</title>`,
    `<desc>${escapeHtml(summary(figure))}</desc>`,
    '<rect class="paper" width="100%" height="100%" fill="#ffffff"></rect>',
    text(24, title.text, ' font-size="15" font-weight="600"'),
    said ? '' : text(bottomOf(entries) + 14, yaxis.title.text),
    legendSvg(entries),
  ].join('')
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
export async function drawSvg(
  figure: Figure,
  [width, height]: Size = [640, 380],
  { legend = figure.layout.showlegend }: { legend?: boolean } = {},
): Promise<string> {
  const [Plot, { parseHTML }] = await Promise.all([
    import('@observablehq/plot'),
    import('linkedom'),
  ])
  const { data, layout } = figure
  const entries = legend ? legendOf(data, width) : []
  const across = rangeOf(
    layout.xaxis,
    data.flatMap(({ x }) => x),
  )
  const up = rangeOf(
    layout.yaxis,
    data.flatMap(({ y }) => y),
  )
  // Drawn out to whole powers, a logarithmic axis of less than two of them would be half empty.
  const nice = layout.yaxis.type === 'linear' || isWide(up)
  const svg = Plot.plot({
    document: parseHTML('<html></html>').document,
    width,
    height,
    marginLeft: left,
    marginRight: 20,
    marginTop: bottomOf(entries) + 26,
    marginBottom: 44,
    x: {
      type: layout.xaxis.type,
      label: layout.xaxis.title.text,
      labelAnchor: 'center',
      labelArrow: 'none',
      labelOffset: 38,
      ...ticksOf(layout.xaxis, across, Math.round(width / 80)),
      ...(layout.xaxis.range && { domain: across }),
    },
    y: {
      type: layout.yaxis.type,
      label: null,
      ...ticksOf(layout.yaxis, up, 6),
      grid: true,
      ...(layout.yaxis.range ? { domain: up } : { nice }),
    },
    marks: marks(Plot, figure),
  })
  undress(svg)
  const own = {
    xmlns: 'http://www.w3.org/2000/svg',
    role: 'img',
    'aria-label': layout.meta.alt,
    color: '#20242c',
    'font-family': 'system-ui, sans-serif',
    'font-size': 12,
  }
  for (const [key, value] of Object.entries(own)) svg.setAttribute(key, String(value))
  const attributes = Array.from(
    svg.attributes,
    ({ name, value }) => `${name}="${escapeHtml(value)}"`,
  )
  return `<svg ${attributes.join(' ')}>${headOf(figure, entries)}${svg.innerHTML}</svg>`
}
