import type { Column } from './columns.js'
import { row } from './machine.js'
import type { Found } from './rounds.js'

/** What the design asks of ours ÷ torch fused with 2 threads, and ÷ the best peer in JavaScript. */
interface Targets {
  torch?: number | undefined
  js?: number | undefined
}

/** One workload at one size, as all columns did it. */
export interface Measured {
  /** The head of its column: 10,000. */
  label: string
  found: Found
  targets?: (ours: Column) => Targets
}

interface Spread {
  median: number
  min: number
  max: number
}

/** Milliseconds of everyone. `off`: by how much the numbers of each differ from ours in float64. */
export function times(
  columns: readonly Column[],
  measured: readonly Measured[],
  off?: Readonly<Record<string, string>>,
): string[] {
  const labels = [...measured.map(({ label }) => label), ...(off ? ['off by'] : [])]
  return [
    row(['', ...labels]),
    row(['---', ...labels.map(() => '---')]),
    ...columns.map(({ name }) => {
      const cells = measured.map(({ found }) => cell(found[name]))
      return row([name, ...cells, ...(off ? [off[name] ?? ''] : [])])
    }),
  ]
}

function cell(answers: Found[string] | undefined): string {
  if (answers === undefined) return ''
  if (typeof answers === 'string') return shortened(answers)
  return spreadText(spread(answers.map(({ ms }) => ms!)))
}

/** How long each trained, for how many epochs, and what it reached. */
export function trained(columns: readonly Column[], found: Found): string[] {
  return [
    row(['', 'ms', 'epochs', 'test accuracy']),
    row(['---', '---', '---', '---']),
    ...columns.map(({ name }) => {
      const answers = found[name] ?? 'not asked'
      if (typeof answers === 'string') return row([name, shortened(answers), '', ''])
      const all = (key: 'epochs' | 'accuracy') => [
        ...new Set(answers.map((answer) => answer[key]!)),
      ]
      const accuracy = all('accuracy').map((share) => `${(share * 100).toFixed(2)} %`)
      return row([name, cell(answers), all('epochs').join(', '), accuracy.join(', ')])
    }),
  ]
}

/** Ours beside the others, each round for itself, since its minute was the same. */
export function ratios(columns: readonly Column[], measured: readonly Measured[]): string[] {
  const labels = measured.map(({ label }) => label)
  const torches = columns.filter(({ kind }) => kind === 'torch')
  const lines = columns.filter(isMeant).flatMap((ours) => [
    ...torches.map((torch) => ({
      title: `${ours.name} ÷ ${torch.name}`,
      cells: measured.map(({ found, targets }) => {
        const aim = torch.threads === 2 ? targets?.(ours).torch : undefined
        return judged(divided(found[ours.name], found[torch.name]), aim)
      }),
    })),
    {
      title: `${ours.name} ÷ best of JavaScript`,
      cells: measured.map(({ found, targets }) => {
        const best = bestOf(columns, found)
        if (!best) return ''
        const text = judged(divided(found[ours.name], found[best]), targets?.(ours).js)
        return text && `${text}, ${best}`
      }),
    },
  ])
  const told = lines.filter(({ cells }) => cells.some((text) => text))
  if (told.length === 0) return []
  return [
    row(['', ...labels]),
    row(['---', ...labels.map(() => '---')]),
    ...told.map(({ title, cells }) => row([title, ...cells])),
  ]
}

/** Ratios and the design's targets are for the backend that is made for speed. */
const isMeant = ({ kind, way }: Column): boolean => kind === 'ours' && way.startsWith('simd')

function bestOf(columns: readonly Column[], found: Found): string | undefined {
  const known = columns.flatMap(({ kind, name }) => {
    const answers = found[name]
    if (kind !== 'js' || !answers || typeof answers === 'string') return []
    return [{ name, median: spread(answers.map(({ ms }) => ms!)).median }]
  })
  return known.sort((a, b) => a.median - b.median)[0]?.name
}

function divided(a: Found[string] | undefined, b: Found[string] | undefined): Spread | undefined {
  if (!a || !b || typeof a === 'string' || typeof b === 'string') return undefined
  const count = Math.min(a.length, b.length)
  return spread(Array.from({ length: count }, (_, k) => a[k]!.ms! / b[k]!.ms!))
}

function judged(ratio: Spread | undefined, target: number | undefined): string {
  if (!ratio) return ''
  if (target === undefined) return spreadText(ratio)
  return `${spreadText(ratio)}: ≤ ${target} ${ratio.median <= target ? 'met' : '**missed**'}`
}

export function spread(list: readonly number[]): Spread {
  const sorted = [...list].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)! }
}

const spreadText = ({ median, min, max }: Spread): string =>
  `${digits(median)} (${digits(min)}–${digits(max)})`

/** Three digits that count. */
const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(value < 1 ? 2 : 3)))

/** A reason as a cell of a table. */
const shortened = (reason: string): string => {
  const text = reason.replaceAll('|', '/')
  return text.length > 90 ? `${text.slice(0, 89)}…` : text
}
