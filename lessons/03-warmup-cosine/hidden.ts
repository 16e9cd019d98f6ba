import { close, type Exercise, type Plain, type Random, type Student, withHints } from 'downhill'
import { between, wholeBetween } from '../draw.js'
import { column } from '../plain.js'
import hints from './hints.md'

interface Options {
  peak: number
  warmup: number
  total: number
}

/** PyTorch's, transformers' and Optax's numbers agree here for every step from 0 to total. */
function expected(step: number, { peak, warmup, total }: Options): number {
  if (step < warmup) return (peak * step) / warmup
  return peak * 0.5 * (1 + Math.cos((Math.PI * (step - warmup)) / (total - warmup)))
}

const draw = (random: Random): Options => {
  const warmup = wholeBetween(random, 10, 200)
  return {
    peak: between(random, 1e-4, 0.1),
    warmup,
    total: warmup + wholeBetween(random, 100, 900),
  }
}

/** The learner's rates at some steps. */
async function rates(
  student: Student,
  steps: readonly number[],
  options: Options,
): Promise<Plain[]> {
  const got: Plain[] = []
  for (const step of steps) got.push(await student.call('rate', [step, { ...options }]))
  return got
}

const tolerance = 1e-9

async function compare(student: Student, steps: readonly number[], options: Options) {
  const want = steps.map((step) => expected(step, options))
  return close(await rates(student, steps, options), want, { tolerance })
}

const warmupCosine: Exercise = {
  id: 'warmup-cosine',
  functionName: 'rate',
  checks: [
    {
      name: 'other-warmup',
      points: 1,
      rule: 'step < warmup: rate = peak · step / warmup, for any peak and any warmup',
      test(student, random) {
        const options = draw(random)
        const steps = Array.from({ length: 3 }, () => wholeBetween(random, 1, options.warmup - 1))
        return compare(student, steps, options)
      },
    },
    {
      name: 'other-cosine',
      points: 2,
      rule: 'then rate = peak · ½ · (1 + cos(π · (step − warmup) / (total − warmup))), for any total',
      test(student, random) {
        const options = draw(random)
        const { warmup, total } = options
        const steps = Array.from({ length: 4 }, () => wholeBetween(random, warmup + 1, total - 1))
        return compare(student, steps, options)
      },
    },
    {
      name: 'joint',
      points: 1,
      rule: 'no jump where the two parts meet: the peak is reached at step = warmup, once',
      test(student, random) {
        const options = draw(random)
        return compare(
          student,
          [-1, 0, 1].map((d) => options.warmup + d),
          options,
        )
      },
    },
    {
      name: 'no-warmup',
      points: 1,
      rule: 'warmup = 0 is allowed: the rate starts at the peak',
      test(student, random) {
        return compare(student, [0, 1], { ...draw(random), warmup: 0 })
      },
    },
    {
      name: 'end',
      points: 1,
      rule: 'total counts the warmup: rate(total) = 0',
      test(student, random) {
        const options = draw(random)
        return compare(student, [options.total - 1, options.total], options)
      },
    },
  ],
}

const rateTable: Exercise = {
  id: 'rate-table',
  functionName: 'rateTable',
  checks: [
    {
      name: 'uneven-steps',
      points: 1,
      rule: 'when `every` does not divide total, the last row is the last multiple below it',
      async test(student, random) {
        const options = { ...draw(random), warmup: 10, total: 100 }
        const rows = await student.call('rateTable', [40, options])
        return close(column(rows, 'step'), [0, 40, 80], { tolerance })
      },
    },
    {
      name: 'same-rates',
      points: 2,
      rule: 'each row has the rate of its step, as your own rate(step, options) gives it',
      async test(student, random) {
        const every = wholeBetween(random, 10, 60)
        const n = wholeBetween(random, 5, 20)
        const options = { ...draw(random), warmup: 2 * every, total: n * every }
        const steps = Array.from({ length: n + 1 }, (_, i) => i * every)
        const rows = await student.call('rateTable', [every, { ...options }])
        return close(column(rows, 'rate'), await rates(student, steps, options), { tolerance })
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [
  withHints(warmupCosine, hints),
  withHints(rateTable, hints),
]
