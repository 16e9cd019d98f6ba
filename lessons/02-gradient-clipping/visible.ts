import { close, type Exercise, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import hints from './hints.md'

/** PyTorch divides by ‖g‖ + 1e-6, Optax by ‖g‖: with norms of 1 and more both are within 1e-6 of each other. */
const tolerance = 1e-6

const byValue: Exercise = {
  id: 'clip-by-value',
  functionName: 'clipByValue',
  checks: [
    {
      name: 'too-large',
      points: 1,
      rule: 'gᵢ ← min(c, max(−c, gᵢ)), each number for itself',
      test: gives('clipByValue', [[6, -8, 3, -4, 2], 5], [5, -5, 3, -4, 2], { tolerance }),
    },
    {
      name: 'small-enough',
      points: 1,
      rule: 'numbers between −c and c stay as they are',
      test: gives('clipByValue', [[0.5, -0.25, 0], 1], [0.5, -0.25, 0], { tolerance }),
    },
  ],
}

const byNorm: Exercise = {
  id: 'clip-by-norm',
  functionName: 'clipByNorm',
  checks: [
    {
      name: 'worked-example',
      points: 2,
      rule: 'g ← g · min(1, c / ‖g‖)',
      async test(student) {
        const got = await student.call('clipByNorm', [
          [
            [6, -8, 3],
            [-4, 2],
          ],
          5,
        ])
        const want = [
          [2.6413527, -3.5218036, 1.3206764],
          [-1.7609018, 0.8804509],
        ]
        return close(got, want, { tolerance })
      },
    },
    {
      name: 'below-the-limit',
      points: 1,
      rule: 'a gradient that is short enough is left alone: the factor is never above 1',
      async test(student) {
        const got = await student.call('clipByNorm', [[[0.3], [0.4]], 5])
        return close(got, [[0.3], [0.4]], { tolerance })
      },
    },
    {
      name: 'one-norm-for-all',
      points: 1,
      rule: '‖g‖ is one number: the root of the sum of all squares, over all arrays',
      test: gives(
        'clipByNorm',
        [
          [
            [3, 0],
            [0, 4],
          ],
          1,
        ],
        [
          [0.6, 0],
          [0, 0.8],
        ],
        { tolerance },
      ),
    },
  ],
}

export const visible = [withHints(byValue, hints), withHints(byNorm, hints)]
for (const exercise of visible) registerExercise(exercise)
