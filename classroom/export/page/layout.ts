/** How a figure is laid out in a page: what Plotly is told beside what the figure says itself. */

type Json = Readonly<Record<string, unknown>>

export interface FigureJson {
  data: unknown[]
  layout: Json
}

const record = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {}
const textOf = (title: unknown): string => {
  const text = typeof title === 'string' ? title : record(title).text
  return typeof text === 'string' ? text : ''
}

/** A title stands in the page, since Plotly breaks no lines: on a telephone it would end at the edge. */
export const captionOf = ({ title }: Json): string => textOf(title).replace(/<[^>]*>/g, '')

/** Of a figure of several panels, the axes of each. */
export const axesOf = (layout: Json): string[] =>
  [...new Set(['xaxis', 'yaxis', ...Object.keys(layout)])].filter((name) =>
    /^[xy]axis\d*$/.test(name),
  )

/** Plotly would give a logarithmic axis of two powers of ten a label at each of 2, 3, 4 …, one over the other. */
const fewLabels = ({ type, dtick, tickvals }: Json): object =>
  type === 'log' && dtick === undefined && tickvals === undefined ? { nticks: 5 } : {}

/** Room for the labels of the ticks, however long they are. What a vertical axis is of stands above it, level, as in the pictures. */
function axis(name: string, given: Json): object {
  const shared = { automargin: true, ...fewLabels(given), ...given }
  return name.startsWith('y')
    ? { ...shared, title: { text: '' } }
    : { ...shared, title: { standoff: 8, ...record(given.title) } }
}

/** The words over the panel of one vertical axis: its own title, if it has one, and what the axis is of. */
function over(layout: Json, name: string): object[] {
  const k = name.slice('yaxis'.length)
  const given = (layout.annotations ?? []) as readonly Json[]
  const own = given.find(({ yref }) => yref === `y${k} domain`)
  const named = textOf(record(layout[name]).title)
  const said = own && textOf(own).toLowerCase() === named.toLowerCase()
  const what = said ? '' : named
  const text = [own && `<b>${textOf(own)}</b>`, what].filter(Boolean).join('<br>')
  if (text === '') return []
  const place = {
    xref: `x${k} domain`,
    yref: `y${k} domain`,
    x: 0,
    y: 1,
    xanchor: 'left',
    yanchor: 'bottom',
  }
  return [
    { ...place, xshift: -40, yshift: 4, align: 'left', showarrow: false, font: { size: 12 }, text },
  ]
}

/** Panels in the columns that they ask for, or below each other where the page is narrow. */
export function arranged(layout: Json, narrow: boolean): Json {
  const { rows, columns } = record(layout.grid) as { rows?: number; columns?: number }
  if (rows === undefined || columns === undefined) return { height: layout.height ?? 380 }
  const panels = axesOf(layout).filter((name) => name.startsWith('y')).length
  const stacked = narrow ? { rows: panels, columns: 1 } : { rows, columns }
  const gaps = { ygap: Math.min(0.5, 0.28 + 0.03 * stacked.rows), xgap: 0.2 }
  return {
    grid: { pattern: 'independent', ...stacked, ...gaps },
    height: 90 + stacked.rows * (narrow ? 260 : 290),
  }
}

/** The layout that Plotly gets. */
export function dressed(layout: Json, narrow: boolean): Json {
  const axes = axesOf(layout)
  const others = ((layout.annotations ?? []) as readonly Json[]).filter(
    ({ yref }) => !/^y\d* domain$/.test(String(yref)),
  )
  const top = layout.grid === undefined ? 30 : 48
  return {
    ...layout,
    title: undefined,
    font: { family: 'system-ui, sans-serif', size: 13, ...record(layout.font) },
    ...Object.fromEntries(axes.map((name) => [name, axis(name, record(layout[name]))])),
    annotations: [
      ...others,
      ...axes.filter((name) => name.startsWith('y')).flatMap((name) => over(layout, name)),
    ],
    autosize: true,
    ...arranged(layout, narrow),
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    margin: layout.margin ?? { l: 48, r: 24, t: top, b: 48 },
    legend: layout.legend ?? {
      orientation: 'h',
      x: 0,
      yref: 'container',
      y: 0,
      yanchor: 'bottom',
      itemwidth: 40,
    },
  }
}
