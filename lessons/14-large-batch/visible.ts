import { close, type Exercise, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import hints from './hints.md'

const scaledRate: Exercise = {
  id: 'scaled-rate',
  functionName: 'newRate',
  checks: [
    {
      name: 'linear',
      points: 1,
      rule: 'SGD: k times the batch, k times the rate; 0.1 at 256 is 0.8 at 2048',
      test: gives('newRate', [0.1, 256, 2048, 'sgd'], 0.8),
    },
    {
      name: 'square-root',
      points: 1,
      rule: 'Adam: k times the batch, √k times the rate; 0.001 at 32 is 0.008 at 2048',
      test: gives('newRate', [0.001, 32, 2048, 'adam'], 0.008),
    },
  ],
}

const trustRatio: Exercise = {
  id: 'trust-ratio',
  functionName: 'trustRatio',
  checks: [
    {
      name: 'without-decay',
      points: 1,
      rule: 'φ = η·‖w‖ / ‖g‖ for λ = 0: here 0.1·5 / 2',
      test: gives('trustRatio', [[3, 4], [0, -2], { eta: 0.1, weightDecay: 0 }], 0.25, {
        tolerance: 1e-6,
      }),
    },
    {
      name: 'with-decay',
      points: 1,
      rule: 'φ = η·‖w‖ / (‖g‖ + λ·‖w‖): here 0.1·5 / (2 + 0.6·5)',
      test: gives('trustRatio', [[3, 4], [1.2, 1.6], { eta: 0.1, weightDecay: 0.6 }], 0.1, {
        tolerance: 1e-6,
      }),
    },
  ],
}

const lambStep: Exercise = {
  id: 'lamb-step',
  functionName: 'lambStep',
  checks: [
    {
      name: 'one-tensor',
      points: 1,
      rule: 'u = direction + λ·w; w ← w − α·(‖w‖/‖u‖)·u',
      test: gives(
        'lambStep',
        [[[3, 4]], [[0, 1]], { lr: 0.1, weightDecay: 0.1 }],
        [[2.8952354556, 3.511098793]],
        { tolerance: 1e-6 },
      ),
    },
    {
      name: 'ratio-of-its-own',
      points: 2,
      rule: 'each tensor has its own φ: a small one makes small steps',
      async test(student) {
        const got = await student.call('lambStep', [
          [
            [3, 4],
            [0.06, 0.08],
          ],
          [
            [0, 1],
            [1, 0],
          ],
          { lr: 0.1, weightDecay: 0.1 },
        ])
        const want = [
          [2.8952354556, 3.511098793],
          [0.0500003162, 0.0799204797],
        ]
        return close(got, want, { tolerance: 1e-6 })
      },
    },
  ],
}

export const visible = [scaledRate, trustRatio, lambStep].map((one) => withHints(one, hints))
for (const exercise of visible) registerExercise(exercise)
