import { close, type Exercise, type Plain, type Random, type Student, withHints } from 'downhill'
import { between, listBetween, wholeBetween } from '../draw.js'
import { field } from '../plain.js'
import hints from './hints.md'
import { call, inPieces, type Run, whole } from './judge.js'

/** One row far from the start and a steady rate: neither the place in the order nor that in the schedule matters. */
const still = (random: Random) => ({
  start: listBetween(random, 3, 1, 3),
  rows: [listBetween(random, 3, -9, -6)],
  lr: between(random, 0.3, 0.6),
  decay: 1,
  eps: 1e-8,
})

const moving = (random: Random): Run => ({
  start: listBetween(random, 3, 1, 3),
  rows: Array.from({ length: 3 }, () => listBetween(random, 3, -4, 4)),
  lr: between(random, 0.3, 0.6),
  decay: between(random, 0.8, 0.95),
  beta1: between(random, 0.6, 0.9),
  beta2: between(random, 0.9, 0.99),
  eps: 1e-8,
})

const adamResume: Exercise = {
  id: 'adam-resume',
  functionName: 'adamRun',
  checks: [
    {
      name: 'first-average',
      points: 1,
      rule: 'm comes back',
      test: (student, random) =>
        inPieces(student, { ...still(random), beta1: between(random, 0.6, 0.9), beta2: 0 }, [4, 3]),
    },
    {
      name: 'second-average',
      points: 1,
      rule: 'v comes back',
      test: (student, random) =>
        inPieces(
          student,
          { ...still(random), beta1: 0, beta2: between(random, 0.9, 0.99) },
          [4, 3],
        ),
    },
    {
      name: 'step-count',
      points: 1,
      rule: 't comes back, also where m and v are 0',
      test(student, random) {
        const { start, ...rest } = still(random)
        // As long as the row is where the weights are, nothing moves, and only t counts on.
        const rows = [start, start, start, start.map((w) => w - 5)]
        const betas = { beta1: between(random, 0.6, 0.9), beta2: between(random, 0.9, 0.99) }
        return inPieces(student, { ...rest, start, rows, ...betas }, [3, 1])
      },
    },
    {
      name: 'two-trainings',
      points: 1,
      rule: 'several breaks, two trainings in turn, one text used twice: all is in the text',
      async test(student, random) {
        const [a, b] = [moving(random), moving(random)]
        const right = await inPieces(student, a, [wholeBetween(random, 2, 4), 3, 2])
        if (!right.ok) return right
        const want = [await whole(student, a, 5), await whole(student, b, 5)]
        const texts = [await textOf(student, a), await textOf(student, b)]
        const short = texts.find((text) => String(text).length < leastText)
        if (short !== undefined)
          return { ok: false, expected: 'a text with the state in it', got: `"${short}"` }
        const got: Plain[] = []
        for (const [k, run] of [a, b, a].entries())
          got.push(field(await call(student, run, 2, texts[k % 2]), 'weights'))
        const weights = want.map((one) => one.weights)
        return close(got, [...weights, weights[0]], { tolerance: 1e-12 })
      },
    },
  ],
}

/** Three weights are 24 bytes, however they are written: a shorter text is the name of something that is kept elsewhere. */
const leastText = 24

const textOf = async (student: Student, run: Run): Promise<Plain> =>
  field(await call(student, run, 3, null), 'saved')

/** What is left of a list of weights after taking them in one by one. */
async function fed(student: Student, list: readonly number[][], beta: number): Promise<Plain> {
  const [first, ...rest] = list
  let averages: Plain = { n: 1, ema: [...first!], swa: [...first!] }
  for (const weights of rest)
    averages = await student.call('updateAverages', [averages, [...weights], beta])
  return averages
}

const walkOf = (random: Random): number[][] =>
  Array.from({ length: wholeBetween(random, 6, 12) }, () => listBetween(random, 3, -5, 5))

const weightAverages: Exercise = {
  id: 'weight-averages',
  functionName: 'updateAverages',
  checks: [
    {
      name: 'first-weights',
      points: 1,
      rule: 'n = 0: both averages are the first weights, whatever β; then n is 1',
      async test(student, random) {
        const weights = listBetween(random, 4, 1, 5)
        const empty = { n: 0, ema: [], swa: [] }
        const got = await student.call('updateAverages', [
          empty,
          weights,
          between(random, 0.8, 0.99),
        ])
        return close(got, { n: 1, ema: weights, swa: weights })
      },
    },
    {
      name: 'long-ema',
      points: 1,
      rule: 'many steps in a row, any β',
      async test(student, random) {
        const [list, beta] = [walkOf(random), between(random, 0.5, 0.8)]
        const want = list.reduce((a, w) => a.map((x, i) => beta * x + (1 - beta) * w[i]!))
        return close(field(await fed(student, list, beta), 'ema'), want)
      },
    },
    {
      name: 'long-mean',
      points: 1,
      rule: 'many steps in a row: SWA is the plain mean of all',
      async test(student, random) {
        const list = walkOf(random)
        const want = list[0]!.map((_, i) => list.reduce((sum, w) => sum + w[i]!, 0) / list.length)
        return close(field(await fed(student, list, 0.9), 'swa'), want)
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [
  withHints(adamResume, hints),
  withHints(weightAverages, hints),
]
