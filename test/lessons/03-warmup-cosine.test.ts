import { describe, expect, test } from 'vitest'
import { cosine, warmupCosine } from '../../src/index.js'
import { type Functions, lostChecks, pointsFor } from '../support/answers.js'

interface Options {
  peak: number
  warmup: number
  total: number
}
type Rate = (step: number, options: Options) => unknown
type RateTable = (every: number, options: Options) => unknown

const rate: Rate = (step, { peak, warmup, total }) =>
  step < warmup
    ? (peak * step) / warmup
    : (peak / 2) * (1 + Math.cos((Math.PI * (step - warmup)) / (total - warmup)))

const rateTable: RateTable = (every, options) =>
  Array.from({ length: Math.floor(options.total / every) + 1 }, (_, i) => ({
    step: i * every,
    rate: rate(i * every, options),
  }))

const rightRates: Record<string, Rate> = {
  'two cases': rate,
  "the library's own": (step, options) => warmupCosine(options)(step),
  'transformers: progress clamped, cosine of half a cycle': (step, { peak, warmup, total }) => {
    if (step < warmup) return peak * (step / Math.max(1, warmup))
    const progress = (step - warmup) / Math.max(1, total - warmup)
    return peak * Math.max(0, 0.5 * (1 + Math.cos(Math.PI * 0.5 * 2 * progress)))
  },
  'Optax: join of a line and a decay to 0 by a squared cosine of the half angle': (
    step,
    { peak, warmup, total },
  ) => {
    const line = warmup === 0 ? peak : Math.min(peak, (peak * step) / warmup)
    const done = Math.max(0, step - warmup) / (total - warmup)
    return line * Math.cos((Math.PI / 2) * done) ** 2
  },
}

const rightTables: Record<string, RateTable> = {
  'Array.from': rateTable,
  'a loop, with a field more': (every, options) => {
    const rows = []
    for (let step = 0; step <= options.total; step += every) {
      rows.push({ step, rate: rate(step, options), percent: (100 * step) / options.total })
    }
    return rows
  },
}

describe('right answers keep every point', () => {
  test.each(Object.entries(rightRates))('rate: %s', async (_, answer) => {
    expect(await lostChecks('warmup-cosine', { rate: answer })).toEqual([])
  })
  test.each(Object.entries(rightTables))('table: %s', async (_, answer) => {
    expect(await lostChecks('rate-table', { rate, rateTable: answer })).toEqual([])
  })
  test('a right table of a wrong rate keeps the points of the table', async () => {
    const half: Rate = (step, options) => (rate(step, options) as number) / 2
    const rows: RateTable = (every, options) =>
      Array.from({ length: Math.floor(options.total / every) + 1 }, (_, i) => ({
        step: i * every,
        rate: half(i * every, options),
      }))
    expect(await lostChecks('rate-table', { rate: half, rateTable: rows })).toEqual([])
  })
})

interface Wrong {
  exercise: string
  functions: Functions
  lost: string[]
  points: number
}

const ofRate = (answer: Rate, lost: string[], points: number): Wrong => ({
  exercise: 'warmup-cosine',
  functions: { rate: answer },
  lost,
  points,
})
const ofTable = (answer: RateTable, lost: string[], points: number): Wrong => ({
  exercise: 'rate-table',
  functions: { rate, rateTable: answer },
  lost,
  points,
})

const wrong: Record<string, Wrong> = {
  'no warmup': ofRate(
    (step, { peak, total }) => cosine({ peak, total })(step),
    ['warmup', 'peak', 'cosine', 'other-warmup', 'other-cosine', 'joint', 'end'],
    1,
  ),
  'the cosine counts from step 0': ofRate(
    (step, { peak, warmup, total }) =>
      step < warmup
        ? (peak * step) / warmup
        : (peak / 2) * (1 + Math.cos((Math.PI * step) / total)),
    ['peak', 'cosine', 'other-cosine', 'joint', 'end'],
    3,
  ),
  'total without the warmup': ofRate(
    (step, { peak, warmup, total }) =>
      step < warmup
        ? (peak * step) / warmup
        : (peak / 2) * (1 + Math.cos((Math.PI * (step - warmup)) / total)),
    ['cosine', 'other-cosine', 'joint', 'end'],
    4,
  ),
  'nanoGPT starts above 0: (s + 1) / (W + 1)': ofRate(
    (step, options) =>
      step < options.warmup
        ? (options.peak * (step + 1)) / (options.warmup + 1)
        : rate(step, options),
    ['warmup', 'other-warmup', 'joint'],
    7,
  ),
  '0 / 0 without warmup': ofRate(
    (step, options) =>
      step <= options.warmup ? (options.peak * step) / options.warmup : rate(step, options),
    ['no-warmup'],
    9,
  ),
  'a straight line down': ofRate(
    (step, { peak, warmup, total }) =>
      step < warmup ? (peak * step) / warmup : (peak * (total - step)) / (total - warmup),
    ['cosine', 'other-cosine', 'joint', 'no-warmup', 'end'],
    3,
  ),
  'a table without the last row': ofTable(
    (every, options) => (rateTable(every, options) as unknown[]).slice(0, -1),
    ['steps', 'rates', 'uneven-steps', 'same-rates'],
    0,
  ),
  'a table that ends at total in any case': ofTable(
    (every, options) => {
      const rows = rateTable(every, options) as { step: number }[]
      if (rows.at(-1)!.step < options.total) rows.push({ ...rows[0]!, step: options.total })
      return rows
    },
    ['uneven-steps'],
    4,
  ),
  'as many rows as total / every, rounded': ofTable(
    (every, options) =>
      Array.from({ length: Math.round(options.total / every) + 1 }, (_, i) => ({
        step: i * every,
        rate: rate(i * every, options),
      })),
    ['uneven-steps'],
    4,
  ),
  'rates of the row numbers': ofTable(
    (every, options) =>
      (rateTable(every, options) as { step: number }[]).map(({ step }, i) => ({
        step,
        rate: rate(i, options),
      })),
    ['rates', 'same-rates'],
    2,
  ),
}

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(Object.entries(wrong))('%s', async (_, { exercise, functions, lost, points }) => {
    const names = await lostChecks(exercise, functions)
    expect(new Set(names)).toEqual(new Set(lost))
    const max = exercise === 'warmup-cosine' ? 10 : 5
    expect(max - pointsFor(exercise, names)).toBe(points)
  })
})
