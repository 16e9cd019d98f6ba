import { type Exercise, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import hints from './hints.md'

const sweep: Exercise = {
  id: 'lr-sweep',
  functionName: 'sweepRates',
  checks: [
    {
      name: 'powers-of-ten',
      points: 1,
      rule: 'from 0.01 to 10 in 4 steps: the factor is 10',
      test: gives('sweepRates', [0.01, 10, 4], [0.01, 0.1, 1, 10]),
    },
  ],
}

/** Without smoothing (β = 0) the curve is what is given: flat, a fall, a minimum at 32, a rise. */
const rates = [1, 2, 4, 8, 16, 32, 64]
const losses = [2.3, 2.2, 2, 1.2, 0.9, 0.8, 3]

const pick: Exercise = {
  id: 'lr-pick',
  functionName: 'pickRate',
  checks: [
    {
      name: 'smoothing',
      points: 1,
      rule: 's ← m / (1 − βᵏ⁺¹): a constant loss stays what it is, and the new loss has the share 1 − β',
      test: gives('pickRate', [[1, 2, 4, 8], [2, 2, 2, 1], 0.5], { smoothed: [2, 2, 2, 22 / 15] }),
    },
    {
      name: 'a-tenth',
      points: 1,
      rule: 'a tenth of the rate where the smoothed loss is smallest: here it is smallest at 32',
      test: gives('pickRate', [rates, losses, 0], { minimumOverTen: 3.2 }),
    },
    {
      name: 'steepest',
      points: 1,
      rule: 'the rate between whose neighbours the loss falls most: from 2 at 4 to 0.9 at 16, so 8',
      test: gives('pickRate', [rates, losses, 0], { steepest: 8 }),
    },
  ],
}

const runsOf = (optimizer: string, lr: number, losses: number[]) =>
  losses.map((loss, k) => ({ optimizer, lr, seed: k + 1, loss }))

/** Means at the rates of old: 3, 2, 4; of new: 2.5, 2, 1.1 (at the end of its grid). */
const runs = [
  ...runsOf('old', 0.1, [2, 3, 4]),
  ...runsOf('old', 0.3, [1, 2, 3]),
  ...runsOf('old', 1, [3, 4, 5]),
  ...runsOf('new', 0.001, [2, 2.5, 3]),
  ...runsOf('new', 0.003, [1, 2, 3]),
  ...runsOf('new', 0.01, [0.3, 1.1, 1.9]),
]

const fair: Exercise = {
  id: 'fair-comparison',
  functionName: 'fairComparison',
  checks: [
    {
      name: 'own-rates',
      points: 1,
      rule: 'each gets the rate with the smallest mean of its own: 0.3 and 0.01',
      test: gives('fairComparison', [runs, 'old', 'new'], { rates: [0.3, 0.01] }),
    },
    {
      name: 'edge',
      points: 1,
      rule: "0.3 lies inside the grid 0.1, 0.3, 1; 0.01 is the largest of the challenger's",
      test: gives('fairComparison', [runs, 'old', 'new'], { atEdge: [false, true] }),
    },
    {
      name: 'seed-by-seed',
      points: 1,
      rule: 'the differences are −0.7, −0.9, −1.1: mean −0.9, sd 0.2, and so better: 0.9 > 2 · 0.2',
      test: gives('fairComparison', [runs, 'old', 'new'], {
        mean: -0.9,
        sd: 0.2,
        verdict: 'better',
      }),
    },
  ],
}

export const visible = [withHints(sweep, hints), withHints(pick, hints), withHints(fair, hints)]
for (const exercise of visible) registerExercise(exercise)
