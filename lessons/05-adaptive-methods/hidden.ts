import { close, type Exercise, type Plain, type Random, type Student, withHints } from 'downhill'
import { between, listBetween, wholeBetween } from '../draw.js'
import { field, numberField } from '../plain.js'
import hints from './hints.md'

/** ε beside the root or inside it: with ε = 1e-8 and sums of squares near 1 they differ by less than 1e-7. */
const tolerance = 1e-6

interface Rule {
  name: 'adagradStep' | 'rmspropStep'
  state: 's' | 'v'
  next(state: number, g: number, beta: number): number
}

const adagrad: Rule = { name: 'adagradStep', state: 's', next: (s, g) => s + g * g }
const rmsprop: Rule = {
  name: 'rmspropStep',
  state: 'v',
  next: (v, g, beta) => beta * v + (1 - beta) * g * g,
}

const draw = (random: Random) => ({
  lr: between(random, 0.01, 0.2),
  beta: between(random, 0.5, 0.95),
  eps: 1e-8,
})

/** A row of steps with drawn gradients, each from the state that the last one returned. */
async function along(student: Student, rule: Rule, random: Random) {
  const options = draw(random)
  const gradients = listBetween(random, 12, 0.5, 3).map((g) => (random() < 0.5 ? -g : g))
  const [got, want]: [Plain[], number[]] = [[], []]
  let [x, state] = [between(random, -2, 2), 0]
  let [right, rightState] = [x, 0]
  for (const g of gradients) {
    const row = await student.call(rule.name, [x, g, state, { ...options }])
    got.push(field(row, 'x'))
    x = numberField(row, 'x')
    state = numberField(row, rule.state)
    rightState = rule.next(rightState, g, options.beta)
    right -= (options.lr * g) / (Math.sqrt(rightState) + options.eps)
    want.push(right)
  }
  return close(got, want, { tolerance })
}

/** A gradient of 0 from a fresh state: ε must keep 0 / 0 away. */
async function nothing(student: Student, { name }: Rule, random: Random) {
  const x = between(random, -2, 2)
  const got = await student.call(name, [x, 0, 0, draw(random)])
  return close(field(got, 'x'), x, { tolerance })
}

/** How far a gradient and one a thousand times as large move x, from a state that fits each. */
async function scaleless(student: Student, { name }: Rule, random: Random) {
  const options = draw(random)
  const [g, state] = [between(random, 1, 2), between(random, 1, 2)]
  const small = await student.call(name, [0, g, state, { ...options }])
  const large = await student.call(name, [0, 1000 * g, 1e6 * state, { ...options }])
  const verdict = close(field(large, 'x'), numberField(small, 'x'), { tolerance })
  return { ...verdict, ok: verdict.ok && numberField(small, 'x') < 0 }
}

const adagradStep: Exercise = {
  id: 'adagrad-step',
  functionName: 'adagradStep',
  checks: [
    {
      name: 'adagrad-row',
      points: 2,
      rule: 's ← s + g², x ← x − α·g / (√s + ε), twelve steps in a row, with any α',
      test: (student, random) => along(student, adagrad, random),
    },
    {
      name: 'adagrad-zero',
      points: 1,
      rule: 'ε keeps 0 / 0 away: with g = 0 from the start, x stays where it is',
      test: (student, random) => nothing(student, adagrad, random),
    },
    {
      name: 'adagrad-scale',
      points: 1,
      rule: 'the scale cancels: 1000·g after squares 10⁶ times as large makes the same step',
      test: (student, random) => scaleless(student, adagrad, random),
    },
  ],
}

const rmspropStep: Exercise = {
  id: 'rmsprop-step',
  functionName: 'rmspropStep',
  checks: [
    {
      name: 'rmsprop-row',
      points: 2,
      rule: 'v ← β·v + (1−β)·g², x ← x − α·g / (√v + ε), twelve steps in a row, with any α and β',
      test: (student, random) => along(student, rmsprop, random),
    },
    {
      name: 'rmsprop-zero',
      points: 1,
      rule: 'ε keeps 0 / 0 away: with g = 0 from the start, x stays where it is',
      test: (student, random) => nothing(student, rmsprop, random),
    },
    {
      name: 'rmsprop-forgets',
      points: 1,
      rule: 'v forgets: with g = 0 it becomes β·v',
      async test(student, random) {
        const [v, options] = [between(random, 1, 4), draw(random)]
        const got = await student.call('rmspropStep', [1, 0, v, { ...options }])
        return close(field(got, 'v'), options.beta * v, { tolerance })
      },
    },
  ],
}

const correctedAverage: Exercise = {
  id: 'corrected-average',
  functionName: 'correctedAverage',
  checks: [
    {
      name: 'other-beta',
      points: 2,
      rule: 'm ← β·m + (1−β)·x, then m / (1−βᵗ), for any β and any values',
      async test(student, random) {
        const beta = between(random, 0.5, 0.99)
        const values = listBetween(random, wholeBetween(random, 5, 9), -3, 3)
        let m = 0
        const want = values.map((value, k) => {
          m = beta * m + (1 - beta) * value
          return m / (1 - beta ** (k + 1))
        })
        return close(await student.call('correctedAverage', [values, beta]), want, { tolerance })
      },
    },
    {
      name: 'no-memory',
      points: 1,
      rule: 'β = 0 is allowed: the average is the newest value',
      async test(student, random) {
        const values = listBetween(random, 4, 1, 3)
        return close(await student.call('correctedAverage', [values, 0]), values, { tolerance })
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [
  withHints(adagradStep, hints),
  withHints(rmspropStep, hints),
  withHints(correctedAverage, hints),
]
