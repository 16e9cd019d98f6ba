import { close, type Exercise, type Plain, registerExercise, withHints } from 'downhill'
import { gives } from '../gives.js'
import { field, numberField } from '../plain.js'
import hints from './hints.md'

const options = { lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8 }
const start = { m: 0, v: 0, t: 0 }

/** PyTorch's float64 numbers for f(x) = x² from x = 2 (test/golden: adam_x2_2); 1e-6 leaves room for every form of the rule. */
const tolerance = 1e-6

/** The arguments of the next step on f(x) = x², whose gradient is 2x, out of what a step returned. */
function next(row: Plain): Plain[] {
  const [x, m, v, t] = ['x', 'm', 'v', 't'].map((name) => field(row, name))
  return [x, 2 * numberField(row, 'x'), { m, v, t }, options]
}

const adamStep: Exercise = {
  id: 'adam-step',
  functionName: 'adamStep',
  checks: [
    {
      name: 'moments',
      points: 1,
      rule: 'm ← β₁·m + (1−β₁)·g and v ← β₂·v + (1−β₂)·g²',
      test: gives('adamStep', [2, 4, start, options], { m: 0.4, v: 0.016 }, { tolerance }),
    },
    {
      name: 'first-step',
      points: 1,
      rule: 'x ← x − α·m̂ / (√v̂ + ε), with m̂ = m / (1−β₁ᵗ) and v̂ = v / (1−β₂ᵗ)',
      test: gives('adamStep', [2, 4, start, options], { x: 1.99 }, { tolerance }),
    },
    {
      name: 'three-steps',
      points: 2,
      rule: 't ← t + 1 in every step, and what a step returns is the state of the next one',
      async test(student) {
        const first = await student.call('adamStep', [2, 4, start, options])
        const second = await student.call('adamStep', next(first))
        const third = await student.call('adamStep', next(second))
        const got = [first, second, third].map((row) => field(row, 'x'))
        return close(got, [1.990000000025, 1.980001338004, 1.970004911567], { tolerance })
      },
    },
  ],
}

export const visible = [withHints(adamStep, hints)]
for (const exercise of visible) registerExercise(exercise)
