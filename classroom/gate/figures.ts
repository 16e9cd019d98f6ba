import type { IMimeBundle, INotebookContent } from '@jupyterlab/nbformat'
import { joined } from '../export/text.js'
import { contrast } from './contrast.js'
import { outputsOf } from './outputs.js'

/** One figure that a notebook showed when it ran. */
export interface Shown {
  /** From 1, and its name: where the author finds it. */
  cell: number
  id: string
  title: string
  /** The picture; '' if the figure has none. */
  svg: string
  plot: Plot
  /** All that the notebook holds of it. */
  bundle: IMimeBundle
}

interface Words {
  text?: string
}
/** What we read of Plotly's JSON. */
interface Plot {
  data: {
    mode?: string
    y?: readonly (number | null)[]
    line?: { color?: string }
    marker?: { color?: string }
  }[]
  layout: Record<string, unknown> & {
    title?: Words
    meta?: { alt?: string }
    annotations?: Words[]
  }
}

/** Every figure in the outputs of a notebook that has run. */
export function figuresIn({ cells }: INotebookContent): Shown[] {
  return cells.flatMap((cell, k) =>
    outputsOf(cell).flatMap(({ data }) => {
      const bundle = (data ?? {}) as IMimeBundle
      const plot = bundle['application/vnd.plotly.v1+json'] as unknown as Plot | undefined
      if (plot === undefined) return []
      const title = plot.layout.title?.text ?? ''
      const svg = joined(bundle['image/svg+xml'])
      return [{ cell: k + 1, id: String(cell.id), title, svg, plot, bundle }]
    }),
  )
}

/** What a screen reader says. */
export const altOf = ({ plot }: Shown): string => plot.layout.meta?.alt ?? ''

/** What a reader would miss in a figure; and what a screen reader would, which is told as a warning. */
export function figureFindings(shown: Shown): Record<'problems' | 'warnings', string[]> {
  const { data, layout } = shown.plot
  const axes = Object.entries(layout).filter(([name]) => /^[xy]axis\d*$/.test(name))
  const untitled = axes.filter(([, axis]) => !(axis as { title?: Words }).title?.text?.trim())
  const drawn = data.some(({ y = [] }) => y.some((value) => value !== null))
  const at = (text: string): string =>
    `the figure "${shown.title}" (cell ${shown.cell}, ${shown.id}) ${text}`
  const problems = [
    ...(shown.title.trim() === '' ? ['has no title'] : []),
    ...untitled.map(([name]) => `has no title on its ${name}`),
    ...(drawn ? [] : ['draws nothing']),
    ...(shown.svg === '' ? ['has no picture for print and pages without JavaScript'] : []),
    ...palenesses(data, shown.svg),
  ]
  const warnings = hasOwnAlt(shown)
    ? []
    : ['has no alternative text of its own (alt): say what it shows']
  return { problems: problems.map(at), warnings: warnings.map(at) }
}

/** The default is the title and the axes, which is what everybody reads anyway. In panels each figure has its own. */
function hasOwnAlt(shown: Shown): boolean {
  const { title, annotations, ...layout } = shown.plot.layout
  const titles = annotations?.map(({ text }) => text) ?? [title?.text]
  const axis = (letter: string, k: number) =>
    (layout[`${letter}axis${k === 0 ? '' : k + 1}`] as { title?: Words } | undefined)?.title?.text
  const defaults = titles.map((text, k) => `${text}: ${axis('y', k)} against ${axis('x', k)}.`)
  const alt = altOf(shown)
  return alt.trim() !== '' && !defaults.some((text) => alt.includes(text))
}

/** White, and the dark paper of a page (classroom/export/page/base.css), which is paler than JupyterLab's. */
const papers = { white: '#ffffff', dark: '#14171c' }

/** Colours of lines, dots and words that are hard to see. Words without a colour of their own have the page's. */
function palenesses(data: Plot['data'], svg: string): string[] {
  const lines = data
    .filter(({ mode }) => mode !== 'none')
    .flatMap(({ line, marker }) => [line?.color, marker?.color])
  const words = Array.from(
    svg.matchAll(/<text[^>]*\sfill="(#[0-9a-f]{6})"/gi),
    ([, color]) => color,
  )
  const pale = (what: string, colors: readonly (string | undefined)[], least: number): string[] =>
    [...new Set(colors)].flatMap((color) =>
      Object.entries(papers).flatMap(([name, paper]) => {
        const found = color === undefined ? least : contrast(color, paper)
        return found < least
          ? [`has ${what} of ${color}: contrast ${found.toFixed(2)} on ${name} paper, not ${least}`]
          : []
      }),
    )
  return [...pale('lines', lines, 3), ...pale('words', words, 4.5)]
}
