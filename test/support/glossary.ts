import { readLesson } from '../../classroom/notebook/index.js'
import { packageRoot } from '../../cli/root.js'
import type { NotebookEntry } from '../../lessons/manifest.js'

/** One line of the glossary. */
export interface Term {
  /** What it defines, as it stands there: "sharp minimum", or "β, β₁, β₂". */
  name: string
  aliases: readonly string[]
  text: string
  /** The notebook that its link names; undefined where it has none. */
  lesson: { id: string; folder: string } | undefined
  section: string
}

/** What a learner reads of a lesson or guide between its cells of code. */
export const prose = (entry: NotebookEntry): string =>
  readLesson(packageRoot, entry)
    .cells.filter(({ kind }) => kind === 'markdown')
    .map(({ source }) => source)
    .join('\n\n')

/** The lines of the glossary. */
export function readTerms(text: string): Term[] {
  return text.split(/^## /m).flatMap((part) => {
    const section = part.split('\n', 1)[0]!
    return [...part.matchAll(/^- (.+(?:\n {2}.+)*)/gm)].map(([, item]) => {
      const line = item!.replace(/\n */g, ' ')
      const [, name, more, rest, id, folder] =
        /^\*\*(.+?)\*\*(?: \((.+?)\))?: (.+?)(?: \[(\d\d|project)\]\((.+)\.ipynb\))?$/.exec(line) ??
        []
      if (name === undefined || rest === undefined) throw new Error(`glossary: cannot read ${line}`)
      return {
        name,
        aliases: Array.from((more ?? '').matchAll(/_(.+?)_/g), ([, alias]) => alias!),
        text: rest,
        lesson: id === undefined ? undefined : { id, folder: folder! },
        section,
      }
    })
  })
}

const letters: Readonly<Record<string, string>> = {
  alpha: 'α',
  beta: 'β',
  delta: 'δ',
  varepsilon: 'ε',
  epsilon: 'ε',
  eta: 'η',
  theta: 'θ',
  kappa: 'κ',
  lambda: 'λ',
  mu: 'μ',
  sigma: 'σ',
  varphi: 'φ',
  phi: 'φ',
}

/** TeX as the text beside it is written: `\alpha` is α, `\hat m` is m̂, `\lVert g \rVert` is ‖g‖, β_1 is β₁. */
export const plainSymbols = (text: string): string =>
  text
    .replace(/\\hat ?\{?([mv])\}?/g, '$1\u0302')
    .replace(/\\(?:lVert|rVert) ?/g, '‖')
    .replace(/ ‖/g, '‖')
    .replace(/\\([a-z]+)/g, (all, name: string) => letters[name] ?? all)
    .replace(/_([12])/g, (_, digit) => (digit === '1' ? '₁' : '₂'))
    .replace(/σ\^2/g, 'σ²')

const bare = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[.:,?]+$/, '')
    .trim()
    .toLowerCase()

/** What stands emphasized in a text, or is a heading by itself (up to its colon), in lower case. */
export function emphasized(text: string): Set<string> {
  const words = text.replace(/\$\$?[^$]*\$\$?|`[^`]*`/g, '')
  return new Set([
    ...Array.from(words.matchAll(/\*\*([^*]+)\*\*/g), ([, one]) => bare(one!)),
    ...Array.from(words.matchAll(/(?<![\w*])_([^_]+)_(?!\w)/g), ([, one]) => bare(one!)),
    ...Array.from(words.matchAll(/^#+ ([^:\n]+)/gm), ([, one]) => bare(one!)),
  ])
}

/** Singular and plural of a term, in lower case, as the source of a pattern. */
export const forms = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .split(' ')
    .map((word, at, all) => (at < all.length - 1 ? word : word.replace(/s?$/, 's?(?:es)?')))
    .join('[\\s-]+')
    .replace(/minimum/, 'minim(?:um|a)')
    .replace(/penalty/, 'penalt(?:y|ies)')

/**
 * The sentences of a text, in which words of the course may stand: without code, formulas, and what to read next, which
 * names papers.
 */
export function sentences(text: string): string[] {
  return text
    .replace(/\$\$[^$]*\$\$|\$[^$\n]*\$|`[^`]*`/g, ' ')
    .replace(/^- \*\*Read next:\*\*.*(?:\n {2}.*)*/gm, '')
    .split(/\n\n|\n(?=[-|#\d])|(?<=[.?!|])\s+/)
    .map((one) => one.replace(/[_*]/g, '').replace(/\s+/g, ' ').trim())
    .filter(Boolean)
}
