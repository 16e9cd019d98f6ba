import { escapeHtml } from '../../src/host/escape.js'
import { sanitize } from './sanitize.js'
import { joined, textBlock } from './text.js'

type Bundle = Readonly<Record<string, unknown>>

/** JSON inside a <script>: no text of it may close the element or open a comment. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029')
}

function record(value: unknown): Bundle {
  return typeof value === 'object' && value !== null ? (value as Bundle) : {}
}

/** What the figure shows, in words: ours say it in `layout.meta.alt`, others have at most a title. */
function altOf(layout: Bundle): string {
  const alt = record(layout.meta).alt
  if (typeof alt === 'string' && alt !== '') return alt
  const title = typeof layout.title === 'string' ? layout.title : record(layout.title).text
  return typeof title === 'string' && title !== '' ? title : 'Figure'
}

/** Maps are fetched, and so is whatever a trace names by an address: such a figure stays the picture that it carries. */
function fetches(trace: unknown): boolean {
  const { type, source, geojson } = record(trace)
  const named = [source, geojson].some((from) => typeof from === 'string' && !/^data:/.test(from))
  return named || /geo|map(box)?$|choropleth/.test(String(type).replace('heatmap', ''))
}

/** Pictures in the background of a figure may only be those it carries. */
function withoutLinks(layout: Bundle): Bundle {
  if (layout.images === undefined) return layout
  const images = Array.isArray(layout.images) ? layout.images : []
  return {
    ...layout,
    images: images.filter((image) => /^data:/.test(String(record(image).source))),
  }
}

/**
 * A figure: the picture stands in the page, so that it is there without JavaScript and on paper; the numbers stand beside
 * it for Plotly, which takes the picture's place once it has drawn. Nothing if the bundle holds no traces.
 */
export function plotlyFigure(bundle: Bundle, onPlotly: () => void): string | undefined {
  const figure = record(bundle['application/vnd.plotly.v1+json'])
  if (!Array.isArray(figure.data)) return undefined
  const layout = record(figure.layout)
  const svg = joined(bundle['image/svg+xml'])
  const still =
    svg === ''
      ? textBlock(joined(bundle['text/plain']) || altOf(layout), 'Figure as text')
      : sanitize(svg).html
  const label = `aria-label="${escapeHtml(altOf(layout))}"`
  if (figure.data.some(fetches))
    return `<figure ${label}><div class="still">${still}</div></figure>`
  onPlotly()
  const data = scriptJson({ data: figure.data, layout: withoutLinks(layout) })
  return `<figure class="plot" ${label}><div class="still">${still}</div><script type="application/json">${data}</script></figure>`
}
