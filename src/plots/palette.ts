/**
 * Okabe & Ito's colours, told apart with every common form of colour blindness; the ones kept have at least
 * 3 : 1 contrast on white and on the dark page. Dashes repeat what the colour says, for print and for everybody else.
 * Source  M. Okabe, K. Ito, "Color Universal Design", 2008.
 */
const colours = ['#0072B2', '#D55E00', '#009E73', '#B5679A', '#8A7A00', '#7A7A7A'] as const
const dashes = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'] as const

/** Plotly's names of line styles. */
export type Dash = (typeof dashes)[number]

/** The same styles as lengths of strokes and gaps, for SVG. */
export const strokes: Readonly<Record<Dash, string | undefined>> = {
  solid: undefined,
  dash: '7 4',
  dot: '2 3',
  dashdot: '7 3 2 3',
  longdash: '11 4',
  longdashdot: '11 3 2 3',
}

/** The style of the k-th line: when the colours begin again, each has another dash than before, so that 36 differ. */
export function styleOf(index: number): { color: string; dash: Dash } {
  const round = Math.floor(index / colours.length)
  return {
    color: colours[index % colours.length] ?? colours[0],
    dash: dashes[(index + round) % dashes.length] ?? 'solid',
  }
}

/** How much of a line's colour a band around it has. */
export const bandOpacity = 0.2

/** A colour of this opacity, as Plotly takes it. */
export const translucent = (color: string, opacity: number): string =>
  `rgba(${[1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)).join(', ')}, ${opacity})`
