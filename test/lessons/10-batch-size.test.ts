import { describe, expect, test } from 'vitest'
import { type Functions, lostChecks, pointsFor } from '../support/answers.js'

interface Part {
  rows: number
  gradient: number[]
}
type Accumulate = (parts: Part[]) => unknown
type Scale = (lr: number, from: number, to: number, optimizer: string) => unknown

const rowsOf = (parts: Part[]): number => parts.reduce((sum, { rows }) => sum + rows, 0)
const weighted = (parts: Part[], weight: (part: Part) => number): number[] =>
  parts[0]!.gradient.map((_, i) =>
    parts.reduce((sum, part) => sum + weight(part) * part.gradient[i]!, 0),
  )

const sums = (accumulate: Accumulate) => ['accumulate', { accumulate }] as const
const rates = (scaleRate: Scale) => ['scale-rate', { scaleRate }] as const

const right: Record<string, readonly [string, Functions]> = {
  'weights n/N': sums((parts) => weighted(parts, ({ rows }) => rows / rowsOf(parts))),
  'a running mean, in a typed array': sums((parts) => {
    const mean = new Float64Array(parts[0]!.gradient.length)
    let seen = 0
    for (const { rows, gradient } of parts) {
      seen += rows
      gradient.forEach((value, i) => {
        mean[i]! += ((value - mean[i]!) * rows) / seen
      })
    }
    return mean
  }),
  'two branches': rates((lr, from, to, optimizer) => {
    if (optimizer.startsWith('adam')) return lr * Math.sqrt(to / from)
    return (lr * to) / from
  }),
  'one power': rates(
    (lr, from, to, optimizer) => lr * (to / from) ** (optimizer === 'sgd' ? 1 : 0.5),
  ),
}

describe('right answers keep every point', () => {
  test.each(Object.entries(right))('%s', async (_, [exercise, functions]) => {
    expect(await lostChecks(exercise, functions)).toEqual([])
  })
})

const wrong: Record<
  string,
  { answer: readonly [string, Functions]; lost: string[]; points: number }
> = {
  'the mean of the means': {
    answer: sums((parts) => weighted(parts, () => 1 / parts.length)),
    lost: ['unequal-parts', 'any-parts'],
    points: 2,
  },
  'the sum of the means': {
    answer: sums((parts) => weighted(parts, () => 1)),
    lost: ['equal-parts', 'unequal-parts', 'any-parts'],
    points: 1,
  },
  'weighted, but never divided': {
    answer: sums((parts) => weighted(parts, ({ rows }) => rows)),
    lost: ['equal-parts', 'unequal-parts', 'any-parts', 'one-part'],
    points: 0,
  },
  'linear for all': {
    answer: rates((lr, from, to) => (lr * to) / from),
    lost: ['root-adam', 'root-adamw', 'any-adam'],
    points: 3,
  },
  'the root for all': {
    answer: rates((lr, from, to) => lr * Math.sqrt(to / from)),
    lost: ['linear-sgd', 'any-sgd'],
    points: 4,
  },
  'the wrong way round': {
    answer: rates((lr, from, to, optimizer) => lr * (from / to) ** (optimizer === 'sgd' ? 1 : 0.5)),
    lost: ['linear-sgd', 'root-adam', 'root-adamw', 'any-sgd', 'any-adam'],
    points: 0,
  },
}

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(Object.entries(wrong))('%s', async (_, { answer, lost, points }) => {
    const [exercise, functions] = answer
    const names = await lostChecks(exercise, functions)
    expect(new Set(names)).toEqual(new Set(lost))
    expect((exercise === 'accumulate' ? 6 : 7) - pointsFor(exercise, names)).toBe(points)
  })
})
