import { close, type Exercise, type Plain, type Random, type Student, withHints } from 'downhill'
import { between, listBetween, wholeBetween } from '../draw.js'
import { column } from '../plain.js'
import hints from './hints.md'

interface Options {
  lr: number
  beta: number
  delta: number
  weightDecay: number
}

/** x and m after each step. */
function walk(start: number, gradients: readonly number[], options: Options) {
  const { lr, beta, delta, weightDecay } = options
  let [x, m] = [start, 0]
  return gradients.map((g, k) => {
    m = beta * m + (1 - beta) * g
    const corrected = m / (1 - beta ** (k + 1))
    x -= lr * (corrected / (Math.abs(corrected) + delta) + weightDecay * x)
    return { x, m }
  })
}

const drawOptions = (random: Random): Options => ({
  lr: between(random, 0.05, 0.2),
  beta: between(random, 0.5, 0.9),
  delta: between(random, 0.5, 2),
  weightDecay: 0,
})

/** In float64; every way to write the rule is within a few roundings. */
const tolerance = 1e-9

/** A message of `defineOptimizer`, or what came in its place. */
const refusal = (student: Student, options: Plain): Promise<string> =>
  student.call('softSignTrace', [1, [1], options]).then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

const ownRule: Exercise = {
  id: 'own-rule',
  functionName: 'softSignTrace',
  checks: [
    {
      name: 'twelve-steps',
      points: 2,
      rule: 'm̂ = m / (1−βᵗ) in each step, from what the last one left',
      async test(student, random) {
        const [start, options] = [between(random, -2, 2), drawOptions(random)]
        const gradients = listBetween(random, 12, 0.5, 2)
        const got = await student.call('softSignTrace', [start, gradients, { ...options }])
        const want = walk(start, gradients, options)
        return close(
          [column(got, 'x'), column(got, 'm')],
          [want.map(({ x }) => x), want.map(({ m }) => m)],
          {
            tolerance,
          },
        )
      },
    },
    {
      name: 'decoupled',
      points: 1,
      rule: 'decay takes α·λ·p off the weight, and never enters m',
      async test(student, random) {
        const options = { ...drawOptions(random), weightDecay: between(random, 0.2, 0.5) }
        const start = between(random, 1, 3)
        const gradients = listBetween(random, 5, -2, -0.5)
        const got = await student.call('softSignTrace', [start, gradients, { ...options }])
        return close(got, walk(start, gradients, options), { tolerance })
      },
    },
    {
      name: 'defaults',
      points: 1,
      rule: 'without options α is 0.01, β 0.9, δ 0.001 and λ 0',
      async test(student, random) {
        const start = between(random, 1, 3)
        const gradients = [between(random, 0.001, 0.002), between(random, 0.01, 0.02)]
        const got = await student.call('softSignTrace', [start, gradients, {}])
        const options = { lr: 0.01, beta: 0.9, delta: 0.001, weightDecay: 0 }
        return close(got, walk(start, gradients, options), { tolerance })
      },
    },
    {
      name: 'ranges',
      points: 1,
      rule: 'β must be in [0, 1), and δ > 0: other values are refused, in the name of softSign',
      async test(student, random) {
        const beta = await refusal(student, { beta: wholeBetween(random, 1, 3) })
        const delta = await refusal(student, { delta: -wholeBetween(random, 0, 3) })
        return {
          ok:
            /softSign: beta must be in \[0, 1\)/.test(beta) &&
            /softSign: delta must be > 0/.test(delta),
          expected: 'softSign: beta must be in [0, 1), …; softSign: delta must be > 0, …',
          got: `${beta}; ${delta}`,
        }
      },
    },
    {
      name: 'every-machine',
      points: 2,
      rule: 'reference, simd and a kernel of gpu.js give the same weights, within float32',
      async test(student, random) {
        const [size, steps] = [wholeBetween(random, 20, 60), 6]
        const options = { ...drawOptions(random), weightDecay: between(random, 0.2, 0.5) }
        const start = listBetween(random, size, -2, 2)
        const gradients = Array.from({ length: steps }, () => listBetween(random, size, -2, 2))
        const want = start.map((p, k) => {
          const path = walk(
            p,
            gradients.map((g) => g[k]!),
            options,
          )
          return path.at(-1)!.x
        })
        const got: Plain[] = []
        // gpu:cpu is gpu.js without a graphics card: a grader has none.
        for (const machine of ['reference', 'simd', 'gpu:cpu'])
          got.push(await student.call('softSignOn', [machine, start, gradients, { ...options }]))
        return close(got, [want, want, want], { tolerance: 1e-5 })
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [withHints(ownRule, hints)]
