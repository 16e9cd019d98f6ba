import { close, type Exercise, type Plain, type Random, type Student, withHints } from 'downhill'
import { between, listBetween, wholeBetween } from '../draw.js'
import { field, numberField } from '../plain.js'
import hints from './hints.md'

interface Rates {
  lr: number
  momentum: number
}

const draw = (random: Random): Rates => ({
  lr: between(random, 0.01, 0.1),
  momentum: between(random, 0.5, 0.95),
})

const tolerance = 1e-9

/** Weights of a walk on ½·curvature·w²; v comes back from the learner as it was returned, in whatever form. */
async function walk(
  student: Student,
  name: 'momentumStep' | 'nesterovStep',
  { start, curvature, rates, steps }: Walk,
): Promise<{ got: Plain[]; want: number[] }> {
  const [got, want]: [Plain[], number[]] = [[], []]
  let [w, v, right, velocity] = [start, 0, start, 0]
  for (let step = 0; step < steps; step++) {
    const row = await student.call(name, [w, curvature * w, v, { ...rates }])
    w = numberField(row, 'w')
    v = numberField(row, 'v')
    got.push(field(row, 'w'))
    const g = curvature * right
    velocity = rates.momentum * velocity + g
    right -= rates.lr * (name === 'momentumStep' ? velocity : g + rates.momentum * velocity)
    want.push(right)
  }
  return { got, want }
}

interface Walk {
  start: number
  curvature: number
  rates: Rates
  steps: number
}

const drawWalk = (random: Random): Walk => ({
  start: between(random, 1, 3),
  curvature: between(random, 0.5, 4),
  rates: draw(random),
  steps: 20,
})

async function compare(student: Student, name: 'momentumStep' | 'nesterovStep', drawn: Walk) {
  const { got, want } = await walk(student, name, drawn)
  return close(got, want, { tolerance })
}

const momentumStep: Exercise = {
  id: 'momentum-step',
  functionName: 'momentumStep',
  checks: [
    {
      name: 'other-rates',
      points: 2,
      rule: 'v ← μ·v + g and w ← w − α·v, for any α and μ, twenty steps in a row',
      test: (student, random) => compare(student, 'momentumStep', drawWalk(random)),
    },
    {
      name: 'no-momentum',
      points: 1,
      rule: 'with μ = 0 it is plain SGD, whatever the velocity was',
      async test(student, random) {
        const [w, g, v] = [between(random, -2, 2), between(random, 1, 2), between(random, 1, 3)]
        const { lr } = draw(random)
        const got = await student.call('momentumStep', [w, g, v, { lr, momentum: 0 }])
        return close(field(got, 'w'), w - lr * g, { tolerance })
      },
    },
    {
      name: 'rolls-on',
      points: 1,
      rule: 'a gradient of 0 does not stop it: v ← μ·v, and w goes on',
      async test(student, random) {
        const [w, g, rates] = [between(random, -2, 2), between(random, 1, 2), draw(random)]
        const first = await student.call('momentumStep', [w, g, 0, { ...rates }])
        const [w1, v1] = [numberField(first, 'w'), numberField(first, 'v')]
        const second = await student.call('momentumStep', [w1, 0, v1, { ...rates }])
        const want = w - rates.lr * g * (1 + rates.momentum)
        return close(field(second, 'w'), want, { tolerance })
      },
    },
  ],
}

const nesterovStep: Exercise = {
  id: 'nesterov-step',
  functionName: 'nesterovStep',
  checks: [
    {
      name: 'nesterov-other-rates',
      points: 2,
      rule: 'v ← μ·v + g and w ← w − α·(g + μ·v), for any α and μ, twenty steps in a row',
      test: (student, random) => compare(student, 'nesterovStep', drawWalk(random)),
    },
    {
      name: 'nesterov-zero',
      points: 1,
      rule: 'a gradient of 0 after one of g: w moves on by α·μ²·g',
      async test(student, random) {
        const [w, g, rates] = [between(random, -2, 2), between(random, 1, 2), draw(random)]
        const first = await student.call('nesterovStep', [w, g, 0, { ...rates }])
        const [w1, v1] = [numberField(first, 'w'), numberField(first, 'v')]
        const second = await student.call('nesterovStep', [w1, 0, v1, { ...rates }])
        const moved = w1 - numberField(second, 'w')
        return close(moved, rates.lr * rates.momentum ** 2 * g, { tolerance })
      },
    },
  ],
}

const largestRate: Exercise = {
  id: 'largest-rate',
  functionName: 'largestRate',
  checks: [
    {
      name: 'other-curvatures',
      points: 1,
      rule: 'the largest curvature decides, wherever it stands in the list',
      async test(student, random) {
        const curvatures = listBetween(random, wholeBetween(random, 3, 6), 0.5, 20)
        curvatures.splice(1, 0, between(random, 30, 90))
        const want = 2 / Math.max(...curvatures)
        return close(await student.call('largestRate', [curvatures, 0]), want, { tolerance })
      },
    },
    {
      name: 'heavy-ball',
      points: 1,
      rule: 'with momentum: 2·(1 + μ) / λmax',
      async test(student, random) {
        const curvatures = listBetween(random, 3, 1, 9)
        curvatures.splice(1, 0, between(random, 10, 20))
        const { momentum } = draw(random)
        const want = (2 * (1 + momentum)) / Math.max(...curvatures)
        return close(await student.call('largestRate', [curvatures, momentum]), want, { tolerance })
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [
  withHints(momentumStep, hints),
  withHints(nesterovStep, hints),
  withHints(largestRate, hints),
]
