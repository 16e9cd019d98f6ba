import { close, type Exercise, registerExercise, withHints } from 'downhill'
import { field } from '../plain.js'
import hints from './hints.md'
import { inPieces, type Run, whole } from './judge.js'

const adam = { beta1: 0.9, beta2: 0.999, eps: 1e-8 }
/** Without memory: each step goes by its rate, in the direction of the gradient's sign. */
const forgetful = { beta1: 0, beta2: 0, eps: 1e-8 }
const rows = [
  [3, -1],
  [-3, 5],
]

const adamResume: Exercise = {
  id: 'adam-resume',
  functionName: 'adamRun',
  checks: [
    {
      name: 'unbroken',
      points: 1,
      rule: 'without a break: row s mod n, rate lr·decayˢ, t = s + 1',
      async test(student) {
        const run: Run = { start: [2, 1], rows, lr: 0.1, decay: 0.9, ...adam }
        return (await whole(student, run, 5)).verdict
      },
    },
    {
      name: 'weights-return',
      points: 1,
      rule: 'a text brings the weights back; `start` then means nothing',
      test: (student) =>
        inPieces(
          student,
          { start: [2, 1], rows: [[3, -1]], lr: 0.1, decay: 1, ...forgetful },
          [2, 2],
        ),
    },
    {
      name: 'position',
      points: 1,
      rule: 'row and rate go on where they were: s counts the whole training',
      test: (student) =>
        inPieces(student, { start: [2, 1], rows, lr: 0.1, decay: 0.5, ...forgetful }, [3, 3]),
    },
  ],
}

const weightAverages: Exercise = {
  id: 'weight-averages',
  functionName: 'updateAverages',
  checks: [
    {
      name: 'ema-step',
      points: 1,
      rule: 'a ← β·a + (1 − β)·w',
      async test(student) {
        const got = await student.call('updateAverages', [
          { n: 3, ema: [1, 2], swa: [1, 2] },
          [3, 2],
          0.9,
        ])
        return close(field(got, 'ema'), [1.2, 2])
      },
    },
    {
      name: 'swa-step',
      points: 1,
      rule: 'a ← a + (w − a)/(n + 1): three were in it, this is the fourth',
      async test(student) {
        const got = await student.call('updateAverages', [
          { n: 3, ema: [1, 2], swa: [1, 2] },
          [3, 2],
          0.9,
        ])
        return close(field(got, 'swa'), [1.5, 2])
      },
    },
  ],
}

export const visible = [withHints(adamResume, hints), withHints(weightAverages, hints)]
for (const exercise of visible) registerExercise(exercise)
