import { close, type Exercise, type Plain, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import { column } from '../plain.js'
import hints from './hints.md'

const l1Penalty: Exercise = {
  id: 'l1-penalty',
  functionName: 'l1Penalty',
  checks: [
    {
      name: 'penalty-by-hand',
      points: 1,
      rule: 'λ·Σ|w| over all tensors: 0.5·(1 + 2 + 3) = 3',
      test: gives('l1Penalty', [[[1, -2], [3]], 0.5], { penalty: 3 }),
    },
    {
      name: 'slope-by-hand',
      points: 1,
      rule: 'the slope is λ·sign(w), and 0 at 0',
      test: gives('l1Penalty', [[[1, -2], [0]], 0.5], { gradient: [[0.5, -0.5], [0]] }),
    },
  ],
}

const decay: Exercise = {
  id: 'decay',
  functionName: 'decay',
  checks: [
    {
      name: 'decay-by-hand',
      points: 2,
      rule: 'w ← w − α·λ·w: with α·λ = 0.1·0.5 each weight keeps 95 %',
      test: gives('decay', [[2, -4], { lr: 0.1, weightDecay: 0.5 }], [1.9, -3.8]),
    },
  ],
}

const dropout: Exercise = {
  id: 'dropout-units',
  functionName: 'dropout',
  checks: [
    {
      name: 'training',
      points: 1,
      rule: 'while training: 0 where u < p, else x/(1 − p)',
      test: gives('dropout', [[1, 2, 3, 4], [0.1, 0.5, 0.19, 0.9], 0.2, true], [0, 2.5, 0, 5]),
    },
    {
      name: 'evaluation',
      points: 1,
      rule: 'in evaluation nothing changes',
      test: gives('dropout', [[1, 2, 3], [0.1, 0.5, 0.9], 0.2, false], [1, 2, 3]),
    },
  ],
}

const run = (
  [arm, strength, seed]: readonly [string, number, number],
  validationLoss: number[],
  test: number,
) => ({
  arm,
  strength,
  seed,
  validationLoss,
  keepsBest: arm === 'early stopping',
  steps: 10 * validationLoss.length,
  test,
})

/** Two seeds; the arm that looks best on the test set is never the one that validation chooses. */
const runs = [
  run(['none', 0, 1], [0.6, 0.4], 0.9),
  run(['none', 0, 2], [0.6, 0.5], 0.92),
  run(['L2', 0.1, 1], [0.6, 0.35], 0.91),
  run(['L2', 0.1, 2], [0.2, 0.5], 0.97),
  run(['L2', 1, 1], [0.2, 0.45], 0.96),
  run(['L2', 1, 2], [0.6, 0.3], 0.94),
  run(['early stopping', 1, 1], [0.33, 0.34], 0.95),
  run(['early stopping', 5, 1], [0.5, 0.32, 0.36], 0.93),
  run(['early stopping', 1, 2], [0.6, 0.4], 0.91),
  run(['early stopping', 5, 2], [0.6, 0.41, 0.45], 0.95),
]

const regularizerTable: Exercise = {
  id: 'regularizer-table',
  functionName: 'regularizerTable',
  checks: [
    {
      name: 'rows-in-order',
      points: 1,
      rule: 'one row for each arm, in the order in which they first appear: here early stopping comes first',
      async test(student) {
        // Backwards: otherwise an answer that always begins with none would pass.
        const got = await student.call('regularizerTable', [runs.toReversed()])
        return close(column(got, 'arm'), ['early stopping', 'L2', 'none'])
      },
    },
    {
      name: 'chosen-by-validation',
      points: 1,
      rule: 'L2: seed 1 chooses 0.1 (last loss 0.35 < 0.45), seed 2 chooses 1 (0.3 < 0.5); accuracy is the mean of their test values',
      async test(student) {
        const got = await student.call('regularizerTable', [runs])
        return close(at(got, 1, 'accuracy'), 0.925)
      },
    },
    {
      name: 'best-epoch-kept',
      points: 1,
      rule: 'with keepsBest the lowest loss counts: early stopping chooses 5 for seed 1 (0.32 < 0.33) and 1 for seed 2',
      async test(student) {
        const got = await student.call('regularizerTable', [runs])
        return close(at(got, 2, 'accuracy'), 0.92)
      },
    },
    {
      name: 'paired-by-seed',
      points: 1,
      rule: 'the differences of L2 are 0.91 − 0.90 and 0.94 − 0.92: mean 0.015, sd √(2·0.005²)',
      async test(student) {
        const got = await student.call('regularizerTable', [runs])
        return close(
          [at(got, 1, 'difference'), at(got, 1, 'differenceSd')],
          [0.015, Math.sqrt(2) * 0.005],
        )
      },
    },
  ],
}

/** A column of one row. */
function at(table: Plain, row: number, name: string): Plain {
  const all = column(table, name)
  return Array.isArray(all) ? all[row] : all
}

const arm = (name: string, difference: number, differenceSd: number) => ({
  arm: name,
  accuracy: 0.9 + difference,
  accuracySd: 0.01,
  difference,
  differenceSd,
  steps: 100,
})

const winner: Exercise = {
  id: 'regularizer-winner',
  functionName: 'winner',
  checks: [
    {
      name: 'largest-that-counts',
      points: 1,
      rule: 'the largest difference among those above 2·differenceSd: L2 (0.03 > 2·0.01), not dropout (0.05 < 2·0.04)',
      async test(student) {
        const table = [
          arm('none', 0, 0),
          arm('L1', 0.02, 0.005),
          arm('L2', 0.03, 0.01),
          arm('dropout', 0.05, 0.04),
        ]
        return close(await student.call('winner', [table]), 'L2')
      },
    },
    {
      name: 'none-that-counts',
      points: 1,
      rule: 'if no difference is above 2·differenceSd: "no difference"',
      async test(student) {
        const table = [arm('none', 0, 0), arm('L1', 0.02, 0.015), arm('decay', -0.05, 0.01)]
        return close(await student.call('winner', [table]), 'no difference')
      },
    },
  ],
}

export const visible = [l1Penalty, decay, dropout, regularizerTable, winner].map((exercise) =>
  withHints(exercise, hints),
)
for (const exercise of visible) registerExercise(exercise)
