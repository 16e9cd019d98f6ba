import { close, type Exercise, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import { column } from '../plain.js'
import hints from './hints.md'

const options = { lr: 0.1, beta: 0.9, delta: 1, weightDecay: 0 }

const ownRule: Exercise = {
  id: 'own-rule',
  functionName: 'softSignTrace',
  checks: [
    {
      name: 'average',
      points: 1,
      rule: 'm ← β·m + (1−β)·g, kept as it is before the correction',
      async test(student) {
        const got = await student.call('softSignTrace', [2, [4, 2], options])
        return close(column(got, 'm'), [0.4, 0.56], { tolerance: 1e-9 })
      },
    },
    {
      name: 'first-step',
      points: 1,
      rule: 'p ← p − α·m̂ / (|m̂| + δ), and at t = 1 m̂ is g: here 4 / (4 + 1)',
      async test(student) {
        const got = await student.call('softSignTrace', [2, [4], options])
        return close(column(got, 'x'), [1.92], { tolerance: 1e-9 })
      },
    },
    {
      name: 'in-webassembly',
      points: 1,
      rule: 'the same rule on simd, for a list of weights',
      test: gives('softSignOn', ['simd', [2, -1, 0], [[4, -1, 0]], options], [1.92, -0.95, 0], {
        tolerance: 1e-5,
      }),
    },
  ],
}

export const visible = [withHints(ownRule, hints)]
for (const exercise of visible) registerExercise(exercise)
