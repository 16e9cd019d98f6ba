import { close, type Exercise, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import { field, numberField } from '../plain.js'
import hints from './hints.md'

/** ε beside the root or inside it: with ε = 1e-8 and gradients near 1 they differ by less than 1e-7. */
const tolerance = 1e-6

const scaling = { lr: 0.1, eps: 1e-8 }
const averaging = { lr: 0.1, beta: 0.9, eps: 1e-8 }

const adagradStep: Exercise = {
  id: 'adagrad-step',
  functionName: 'adagradStep',
  checks: [
    {
      name: 'sum',
      points: 1,
      rule: 's ← s + g²: with s = 9 and g = 4 it becomes 25',
      test: gives('adagradStep', [1, 4, 9, scaling], { s: 25 }, { tolerance }),
    },
    {
      name: 'adagrad-move',
      points: 1,
      rule: 'x ← x − α·g / (√s + ε), with the new s',
      test: gives('adagradStep', [1, 4, 9, scaling], { x: 0.92 }, { tolerance }),
    },
    {
      name: 'adagrad-steps',
      points: 1,
      rule: 'with a gradient of 2 again and again, step t is α / √t long',
      async test(student) {
        let [x, s] = [1, 0]
        const moves: number[] = []
        for (let t = 0; t < 4; t++) {
          const row = await student.call('adagradStep', [x, 2, s, scaling])
          moves.push(x - numberField(row, 'x'))
          x = numberField(row, 'x')
          s = numberField(row, 's')
        }
        return close(moves, [0.1, 0.0707106781, 0.0577350269, 0.05], { tolerance })
      },
    },
  ],
}

const rmspropStep: Exercise = {
  id: 'rmsprop-step',
  functionName: 'rmspropStep',
  checks: [
    {
      name: 'average',
      points: 1,
      rule: 'v ← β·v + (1−β)·g²: with v = 1 and g = 2 it becomes 1.3',
      test: gives('rmspropStep', [1, 2, 1, averaging], { v: 1.3 }, { tolerance }),
    },
    {
      name: 'rmsprop-move',
      points: 2,
      rule: 'x ← x − α·g / (√v + ε), with the new v: the first step from v = 0 is α / √(1−β) long',
      async test(student) {
        const first = field(await student.call('rmspropStep', [1, 2, 0, averaging]), 'x')
        const later = field(await student.call('rmspropStep', [1, 2, 1, averaging]), 'x')
        return close([first, later], [0.68377223398, 0.8245883981], { tolerance })
      },
    },
  ],
}

const correctedAverage: Exercise = {
  id: 'corrected-average',
  functionName: 'correctedAverage',
  checks: [
    {
      name: 'steady-values',
      points: 1,
      rule: 'the corrected average of equal values is that value, from the first one on',
      test: gives('correctedAverage', [[3, 3, 3], 0.9], [3, 3, 3], {
        tolerance,
      }),
    },
    {
      name: 'two-values',
      points: 1,
      rule: 'm ← β·m + (1−β)·x, then m / (1−βᵗ), t = 1 for the first value',
      test: gives('correctedAverage', [[4, 1], 0.5], [4, 2], { tolerance }),
    },
  ],
}

export const visible = [
  withHints(adagradStep, hints),
  withHints(rmspropStep, hints),
  withHints(correctedAverage, hints),
]
for (const exercise of visible) registerExercise(exercise)
