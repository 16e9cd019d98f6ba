import { type Displayable, displaySymbol, type MimeBundle } from '../host/types.js'
import type { Dash, DotShape } from './palette.js'
import { summary } from './summary.js'

/** A Plotly scatter trace, as far as our figures use it. A value that is not finite is null: a gap in the line. */
export interface LineTrace {
  type: 'scatter'
  /** `none`: a band, which is filled alone. */
  mode: 'lines' | 'markers' | 'lines+markers' | 'none'
  name: string
  x: readonly (number | null)[]
  y: readonly (number | null)[]
  line: { color: string; dash: Dash; width: number }
  marker: { color: string; size: number; symbol: DotShape }
  /** A band: its upper edge from left to right, then its lower edge back. */
  fill?: 'toself'
  fillcolor?: string
  hoverinfo?: 'skip'
  showlegend?: boolean
  /** In a figure of several panels: the axes of its panel, "x2". */
  xaxis?: string
  yaxis?: string
  /** Traces of one group are switched on and off together. */
  legendgroup?: string
}

/** One axis of a Plotly layout. */
export interface Axis {
  title: { text: string }
  type: 'linear' | 'log'
  /** `power`: 10⁻⁵, not 10µ, for logarithmic axes and for numbers that are tiny or huge; `none`: 12000, not 1.2·10⁴. */
  exponentformat: 'power' | 'none'
  /** A label at every whole number: of few epochs, seeds or layers there are no halves. `D2`: at 1, 2 and 5 of each power of ten. */
  dtick?: 1 | 'D2'
  /** `~g`: 0.002, where Plotly would write the 2 alone between powers of ten. */
  tickformat?: '~g'
  /** From where to where, as Plotly has it: of a logarithmic axis the exponents. Default: as far as the numbers go. */
  range?: readonly [number, number]
}

/** A Plotly layout. `meta.alt` is what a screen reader says instead of the picture. */
export interface Layout {
  title: { text: string }
  xaxis: Axis
  yaxis: Axis
  showlegend: boolean
  meta: { alt: string }
}

/**
 * A figure: Plotly JSON that shows itself. Where Plotly draws, it is interactive; elsewhere the same numbers are an
 * SVG picture; where neither is allowed (an unsigned notebook), a few lines of text.
 */
export class Figure implements Displayable {
  constructor(
    readonly data: readonly LineTrace[],
    readonly layout: Layout,
  ) {}

  /** The figure as a picture, drawn without a browser. Needs Node; in a page Plotly draws instead. */
  async svg(): Promise<string> {
    const { drawSvg } = await import('./svg.js')
    return drawSvg(this)
  }

  /** Title, axes, and for each series its number of points, first, last, smallest and largest value. */
  toString(): string {
    return summary(this)
  }

  /** No text/html: a notebook prefers it to the picture, and leaves it blank until the notebook is trusted. */
  [displaySymbol](): Promise<MimeBundle> {
    return figureBundle(this)
  }
}

/** What is shown of a figure: Plotly JSON, text, and in Node the picture. */
export async function figureBundle(figure: {
  readonly data: readonly unknown[]
  readonly layout: object
  svg(): Promise<string>
}): Promise<MimeBundle> {
  const bundle: MimeBundle = {
    'application/vnd.plotly.v1+json': { data: figure.data, layout: figure.layout },
    'text/plain': String(figure),
  }
  if ('process' in globalThis && !('window' in globalThis))
    bundle['image/svg+xml'] = await figure.svg()
  return bundle
}
