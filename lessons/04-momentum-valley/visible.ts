import {
  close,
  type Exercise,
  type Plain,
  registerExercise,
  type Student,
  type Verdict,
  withHints,
} from 'downhill'
import { gives } from '../gives.js'
import { field, numberField } from '../plain.js'
import hints from './hints.md'

const options = { lr: 0.1, momentum: 0.9 }
const tolerance = 1e-9

/** The weight after each of some steps, each from what the last one returned. */
async function rolled(
  student: Student,
  name: string,
  gradients: readonly number[],
): Promise<Plain[]> {
  let [w, v] = [1, 0]
  const got: Plain[] = []
  for (const g of gradients) {
    const row = await student.call(name, [w, g, v, { ...options }])
    got.push(field(row, 'w'))
    w = numberField(row, 'w')
    v = numberField(row, 'v')
  }
  return got
}

/** v as in v ← μv + g, or as in v ← μv − αg: both are published. */
function velocity(got: Plain, expected: number): Verdict {
  const published = close(got, -options.lr * expected, { tolerance })
  return published.ok ? published : close(got, expected, { tolerance })
}

const momentumStep: Exercise = {
  id: 'momentum-step',
  functionName: 'momentumStep',
  checks: [
    {
      name: 'first-step',
      points: 1,
      rule: 'from v = 0 the first step is plain SGD: w ← w − α·g',
      test: gives('momentumStep', [1, 2, 0, options], { w: 0.8 }, { tolerance }),
    },
    {
      name: 'velocity',
      points: 1,
      rule: 'v ← μ·v + g: with v = 2 and g = 1.8 it becomes 3.6 (or −α times that)',
      async test(student) {
        const first = await student.call('momentumStep', [1, 2, 0, options])
        const v = numberField(first, 'v')
        return velocity(field(await student.call('momentumStep', [0.8, 1.8, v, options]), 'v'), 3.6)
      },
    },
    {
      name: 'four-steps',
      points: 2,
      rule: 'w ← w − α·v with the new v, for the gradients 2.0, 1.8, 1.5, −0.5 in a row',
      async test(student) {
        const got = await rolled(student, 'momentumStep', [2, 1.8, 1.5, -0.5])
        return close(got, [0.8, 0.44, -0.034, -0.4106], { tolerance })
      },
    },
  ],
}

const nesterovStep: Exercise = {
  id: 'nesterov-step',
  functionName: 'nesterovStep',
  checks: [
    {
      name: 'nesterov-first',
      points: 1,
      rule: 'the first step is longer than plain SGD: w ← w − α·(g + μ·g)',
      test: gives('nesterovStep', [1, 2, 0, options], { w: 0.62 }, { tolerance }),
    },
    {
      name: 'nesterov-steps',
      points: 2,
      rule: 'w ← w − α·(g + μ·v) with the new v, for the gradients 2.0, 1.8, 1.5, −0.5 in a row',
      async test(student) {
        const got = await rolled(student, 'nesterovStep', [2, 1.8, 1.5, -0.5])
        return close(got, [0.62, 0.116, -0.4606, -0.74954], { tolerance })
      },
    },
  ],
}

const largestRate: Exercise = {
  id: 'largest-rate',
  functionName: 'largestRate',
  checks: [
    {
      name: 'valley',
      points: 1,
      rule: 'without momentum: 2/λmax, with λmax the largest curvature',
      test: gives('largestRate', [[2, 100], 0], 0.02, { tolerance }),
    },
  ],
}

export const visible = [
  withHints(momentumStep, hints),
  withHints(nesterovStep, hints),
  withHints(largestRate, hints),
]
for (const exercise of visible) registerExercise(exercise)
