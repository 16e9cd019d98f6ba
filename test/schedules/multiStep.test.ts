import { multiStep, stepDecay } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import {
  expectHeld,
  expectRecursion,
  expectRefusal,
  expectWithin,
  factors,
  lengths,
  type Refusal,
  rates,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/multiStep'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

const milestones = fc.array(lengths, { maxLength: 6 }).map((list) => list.sort((a, b) => a - b))

test('is PyTorch’s recursion: × gamma once for each milestone at t', () => {
  fc.assert(
    fc.property(rates, milestones, factors, (peak, list, gamma) => {
      expectRecursion(multiStep({ peak, milestones: list, gamma }), 200, (before, t) =>
        list.filter((milestone) => milestone === t).reduce((value) => value * gamma, before),
      )
    }),
  )
})

test('with gamma ≤ 1 it stays within [0, peak] and keeps its value after the last milestone', () => {
  fc.assert(
    fc.property(rates, milestones, factors, step, (peak, list, gamma, t) => {
      const schedule = multiStep({ peak, milestones: list, gamma })
      expectWithin(schedule(t), 0, peak)
      expectHeld(schedule, list.at(-1) ?? 0, t)
    }),
  )
})

test('milestones at equal distances are stepDecay', () => {
  const schedule = multiStep({ peak: 1, milestones: [10, 20, 30], gamma: 0.5 })
  for (let t = 0; t < 40; t++)
    expect(schedule(t)).toBe(stepDecay({ peak: 1, every: 10, gamma: 0.5 })(t))
})

test.each<Refusal>([
  [
    { peak: 1, milestones: [0] },
    RangeError,
    'multiStep: milestones must be whole numbers ≥ 1 that never fall, got 0',
  ],
  [
    { peak: 1, milestones: [1.5] },
    RangeError,
    'multiStep: milestones must be whole numbers ≥ 1 that never fall, got 1.5',
  ],
  [
    { peak: 1, milestones: [9, 3] },
    RangeError,
    'multiStep: milestones must be whole numbers ≥ 1 that never fall, got 9, 3',
  ],
  [{ peak: 1 }, TypeError, 'multiStep: milestones must be a list of steps, got undefined'],
  [{ peak: 1, milestones: [5], gamma: -1 }, RangeError, 'multiStep: gamma must be > 0, got -1'],
  [
    { peak: 1, steps: [5] },
    TypeError,
    'multiStep: there is no option "steps"; it takes peak, gamma, milestones',
  ],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => multiStep(options as never), kind, message)
})

test('a list that changes afterwards changes nothing', () => {
  const milestones = [10]
  const schedule = multiStep({ peak: 1, milestones })
  milestones.push(1)
  expect(schedule(5)).toBe(1)
})
