import { close, type Exercise, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import { field } from '../plain.js'
import hints from './hints.md'
import { closeToEither } from './variance.js'

/** Sums of a few float64 numbers: 1e-9 leaves room for every order of them. */
const exact = { tolerance: 1e-9 }
const tolerance = 1e-6

const [x, u] = [
  [1, 2, -3, 4],
  [0.7, 0.1, 0.5, 0.49],
]

const dropout: Exercise = {
  id: 'dropout',
  functionName: 'drop',
  checks: [
    {
      name: 'evaluation',
      points: 1,
      rule: 'in evaluation: y = x',
      test: gives('drop', [[...x], [...u], { p: 0.5, training: false }], x, exact),
    },
    {
      name: 'half',
      points: 2,
      rule: 'while training: y = 0 where u < p, else x / (1 − p)',
      test: gives('drop', [[...x], [...u], { p: 0.5, training: true }], [2, 0, -6, 0], exact),
    },
  ],
}

const rows = [
  [1, 10],
  [3, 20],
  [5, 60],
]
const running = { mean: [0, 10], variance: [1, 100] }
const copy = () => [
  rows.map((row) => [...row]),
  { mean: [...running.mean], variance: [...running.variance] },
]

const batchNorm: Exercise = {
  id: 'batch-norm',
  functionName: 'normalizeBatch',
  checks: [
    {
      name: 'columns',
      points: 1,
      rule: 'while training: y = (x − μ) / √(σ² + ε), μ and σ² over the rows, column by column',
      async test(student) {
        const options = { momentum: 0.1, eps: 1e-5, training: true }
        const got = await student.call('normalizeBatch', [...copy(), options])
        const want = [
          [-1.2247425740264, -0.9258200555446],
          [0, -0.4629100277723],
          [1.2247425740264, 1.3887300833169],
        ]
        return close(field(got, 'y'), want, { tolerance })
      },
    },
    {
      name: 'running',
      points: 1,
      rule: 'running ← (1 − momentum)·running + momentum·batch, while training',
      async test(student) {
        const options = { momentum: 0.1, eps: 0.5, training: true }
        const got = await student.call('normalizeBatch', [...copy(), options])
        return closeToEither(
          got,
          { mean: [0.3, 12], variance: [1.3, 160] },
          { mean: [0.3, 12], variance: [0.9 + 0.8 / 3, 90 + 140 / 3] },
        )
      },
    },
    {
      name: 'evaluation',
      points: 1,
      rule: 'in evaluation: y = (x − running mean) / √(running variance + ε), and the running statistics stay',
      async test(student) {
        const options = { momentum: 0.1, eps: 1e-8, training: false }
        const got = await student.call('normalizeBatch', [...copy(), options])
        const y = [
          [1, 0],
          [3, 1],
          [5, 5],
        ]
        return close(got, { y, ...running }, { tolerance })
      },
    },
  ],
}

const layerNorm: Exercise = {
  id: 'layer-norm',
  functionName: 'normalizeRows',
  checks: [
    {
      name: 'rows',
      points: 1,
      rule: 'y = (x − μ) / √(σ² + ε), μ and σ² over the numbers of the row',
      async test(student) {
        const table = [
          [1, 2, 3],
          [40, 10, 10],
        ]
        const options = { weight: [1, 1, 1], bias: [0, 0, 0], eps: 1e-8 }
        const got = await student.call('normalizeRows', [table, options])
        const want = [
          [-Math.sqrt(1.5), 0, Math.sqrt(1.5)],
          [Math.SQRT2, -Math.SQRT1_2, -Math.SQRT1_2],
        ]
        return close(got, want, { tolerance })
      },
    },
    {
      name: 'scale-shift',
      points: 1,
      rule: 'then number j of each row times weight[j], plus bias[j]',
      async test(student) {
        const options = { weight: [2, 1, 0], bias: [0, 5, 7], eps: 1e-8 }
        const got = await student.call('normalizeRows', [[[1, 2, 3]], options])
        return close(got, [[-2 * Math.sqrt(1.5), 5, 7]], { tolerance })
      },
    },
  ],
}

const earlyStopping: Exercise = {
  id: 'early-stopping',
  functionName: 'stopAt',
  checks: [
    {
      name: 'stops',
      points: 1,
      rule: 'stop at the epoch that is the patience-th in a row without improvement',
      async test(student) {
        const losses = [1, 0.8, 0.7, 0.75, 0.7, 0.71, 0.3]
        const got = await student.call('stopAt', [losses, { patience: 3, minDelta: 0 }])
        return close(got, { stop: 5, best: 2, loss: 0.7 }, exact)
      },
    },
    {
      name: 'starts-anew',
      points: 1,
      rule: 'an improvement sets the count of epochs without one back to 0',
      async test(student) {
        const losses = [1, 1.1, 0.9, 1, 1, 0.8, 1, 1]
        const got = await student.call('stopAt', [losses, { patience: 3, minDelta: 0 }])
        return close(got, { stop: null, best: 5, loss: 0.8 }, exact)
      },
    },
  ],
}

export const visible = [dropout, batchNorm, layerNorm, earlyStopping].map((exercise) =>
  withHints(exercise, hints),
)
for (const exercise of visible) registerExercise(exercise)
