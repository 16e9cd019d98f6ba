import { type Displayable, displaySymbol, type MimeBundle } from '../host/types.js'
import { type Axis, type Figure, figureBundle, type LineTrace } from './figure.js'
import { sameScale } from './same-scale.js'

/** The words over a panel, as Plotly's annotation. */
interface PanelTitle {
  text: string
  xref: string
  yref: string
  x: 0
  y: 1
  xanchor: 'left'
  yanchor: 'bottom'
  showarrow: false
}

/** A Plotly layout of several panels: the axes of the k-th are xaxisK and yaxisK, those of the first xaxis and yaxis. */
export interface PanelLayout {
  title: { text: string }
  grid: { rows: number; columns: number; pattern: 'independent' }
  annotations: PanelTitle[]
  height: number
  showlegend: boolean
  meta: { alt: string }
  [axis: `xaxis${string}` | `yaxis${string}`]: Axis
}

/** Width and height of one panel of the picture; of three in a row, so that their letters stay readable when the whole is made to fit a page. */
const sizeOf = (columns: number) => (columns > 2 ? ([300, 260] as const) : ([400, 290] as const))
const margin = 12
/** Above the panels, for the title. */
const head = 36

/** Figures side by side that are looked at together: one for Plotly, one picture. */
export class Panels implements Displayable {
  readonly #columns: number
  readonly #alt: string

  /** @internal Use `panels`. */
  constructor(
    readonly title: string,
    readonly figures: readonly Figure[],
    columns: number,
    alt?: string,
  ) {
    this.#columns = Math.min(columns, figures.length)
    this.#alt =
      alt ??
      `${title}${/[.?!]$/.test(title) ? '' : '.'} ${figures.map((one) => one.layout.meta.alt).join(' ')}`
  }

  get #rows(): number {
    return Math.ceil(this.figures.length / this.#columns)
  }

  /** The traces of all panels, each with its axes; a name stands in the legend once. */
  get data(): readonly LineTrace[] {
    const named = new Set<string>()
    return this.figures.flatMap(({ data }, k) =>
      data.map((trace) => {
        const first = trace.mode !== 'none' && !named.has(trace.name)
        if (first) named.add(trace.name)
        return {
          ...trace,
          xaxis: `x${suffix(k)}`,
          yaxis: `y${suffix(k)}`,
          legendgroup: trace.name,
          showlegend: first,
        }
      }),
    )
  }

  /** The axes and titles of all panels. */
  get layout(): PanelLayout {
    const layout: PanelLayout = {
      title: { text: this.title },
      grid: { rows: this.#rows, columns: this.#columns, pattern: 'independent' },
      annotations: this.figures.map(({ layout }, k) => ({
        text: layout.title.text,
        xref: `x${suffix(k)} domain`,
        yref: `y${suffix(k)} domain`,
        x: 0,
        y: 1,
        xanchor: 'left',
        yanchor: 'bottom',
        showarrow: false,
      })),
      height: 60 + this.#rows * 300,
      showlegend: this.figures.some(({ layout }) => layout.showlegend),
      meta: { alt: this.#alt },
    }
    for (const [k, { layout: one }] of this.figures.entries()) {
      layout[`xaxis${suffix(k)}`] = one.xaxis
      layout[`yaxis${suffix(k)}`] = one.yaxis
    }
    return layout
  }

  /** All panels as one picture, drawn without a browser. Needs Node. */
  async svg(): Promise<string> {
    const { drawPanels } = await import('./svg-panels.js')
    const columns = this.#columns
    return drawPanels(this, { columns, size: sizeOf(columns), margin, head })
  }

  /** The title, and each figure as text. */
  toString(): string {
    return [this.title, ...this.figures.map(String)].join('\n\n')
  }

  /** Plotly JSON, the picture and the text, as a figure has them. */
  [displaySymbol](): Promise<MimeBundle> {
    return figureBundle(this)
  }
}

/** Plotly counts axes from 1, and leaves out the first number. */
const suffix = (k: number): string => (k === 0 ? '' : String(k + 1))

/** Options of `panels`. */
export interface PanelsOptions {
  title: string
  /** How many stand side by side. Default 2. */
  columns?: number
  /** One scale for all panels, which are meant to be compared. Default: a scale for each. */
  same?: 'x' | 'y' | 'both'
  /** What they show together, in one sentence, for those who cannot see it. Default: the title, and what each panel says of itself. */
  alt?: string
}

/**
 * Several figures as one, in rows from the upper left: what should be looked at together.
 * @throws RangeError without figures, unless columns is a whole number ≥ 1, or for `same` axes of which one is logarithmic and another is not
 * @example panels([lines({ title: 'Loss', xTitle: 'epoch', yTitle: 'loss', series: [{ name: 'train', y: [2, 1, 0.5] }] })], { title: 'A run' })
 */
export function panels(figures: readonly Figure[], options: PanelsOptions): Panels {
  const { title, columns = 2, same, alt } = options
  if (figures.length === 0) throw new RangeError('panels: there must be at least one, got none')
  if (!Number.isInteger(columns) || columns < 1)
    throw new RangeError(`panels: columns must be a whole number ≥ 1, got ${columns}`)
  const across = same === 'x' || same === 'both' ? sameScale(figures, 'x') : figures
  const scaled = same === 'y' || same === 'both' ? sameScale(across, 'y') : across
  return new Panels(title, scaled, columns, alt)
}
