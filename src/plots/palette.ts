/**
 * Okabe & Ito's colours, told apart with every common form of colour blindness; the ones kept have at least
 * 3 : 1 contrast on white and on the dark page. Dashes, and the shapes of dots, repeat what the colour says, for print and for everybody else.
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

const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'star'] as const

/** Plotly's names of the shapes of dots. */
export type DotShape = (typeof symbols)[number]

/** The same shapes as outlines around (0, 0), about 7 wide, for SVG. */
export const outlines: Readonly<Record<DotShape, string>> = {
  circle: 'M3,0A3,3,0,1,1,-3,0A3,3,0,1,1,3,0Z',
  square: 'M-2.7,-2.7H2.7V2.7H-2.7Z',
  diamond: 'M0,-4L3.2,0L0,4L-3.2,0Z',
  'triangle-up': 'M0,-3.8L3.6,2.5H-3.6Z',
  cross: 'M-1.2,-3.6H1.2V-1.2H3.6V1.2H1.2V3.6H-1.2V1.2H-3.6V-1.2H-1.2Z',
  star: 'M0,-4.2L1.1,-1.4L4,-1.3L1.7,0.6L2.5,3.4L0,1.8L-2.5,3.4L-1.7,0.6L-4,-1.3L-1.1,-1.4Z',
}

/** The style of the k-th line: when the colours begin again, each has another dash and shape than before, so that 36 differ. */
export function styleOf(index: number): { color: string; dash: Dash; symbol: DotShape } {
  const shifted = index + Math.floor(index / colours.length)
  return {
    color: colours[index % colours.length] ?? colours[0],
    dash: dashes[shifted % dashes.length] ?? 'solid',
    symbol: symbols[shifted % symbols.length] ?? 'circle',
  }
}

/** How much of a line's colour a band around it has. */
export const bandOpacity = 0.2

/** A colour of this opacity, as Plotly takes it. */
export const translucent = (color: string, opacity: number): string =>
  `rgba(${[1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)).join(', ')}, ${opacity})`
