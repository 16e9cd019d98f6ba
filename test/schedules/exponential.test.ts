import { exponential, stepDecay } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import {
  expectNear,
  expectRecursion,
  expectRefusal,
  expectWithin,
  factors,
  lengths,
  type Refusal,
  rates,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/exponential'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

test.each(goldenCases('schedulers_optax', 'schedules/exponential'))('Optax: $id', (fixture) => {
  expectDocumented('schedulers_optax', fixture)
})

test('is PyTorch’s recursion: the rate before × gamma', () => {
  fc.assert(
    fc.property(rates, factors, (peak, gamma) => {
      expectRecursion(exponential({ peak, gamma }), 60, (before) => before * gamma)
    }),
  )
})

test('with gamma ≤ 1 it stays within [0, peak] and never rises', () => {
  fc.assert(
    fc.property(rates, factors, lengths, step, fc.boolean(), (peak, gamma, every, t, staircase) => {
      const schedule = exponential({ peak, gamma, every, staircase })
      expectWithin(schedule(t), 0, peak)
      expect(schedule(t + 1)).toBeLessThanOrEqual(schedule(t))
    }),
  )
})

test('as a staircase it is stepDecay', () => {
  fc.assert(
    fc.property(rates, factors, lengths, step, (peak, gamma, every, t) => {
      const stairs = exponential({ peak, gamma, every, staircase: true })
      expect(stairs(t)).toBe(stepDecay({ peak, gamma, every })(t))
    }),
  )
})

test('grows with gamma > 1, as a search for the learning rate needs it', () => {
  const sweep = exponential({ peak: 1e-7, gamma: 10, every: 100 })
  expectNear(sweep(700), 1)
})

test.each<Refusal>([
  [{ peak: 1 }, TypeError, 'exponential: gamma is missing'],
  [{ peak: 1, gamma: 0 }, RangeError, 'exponential: gamma must be > 0, got 0'],
  [{ peak: 1, gamma: 0.5, every: 0 }, RangeError, 'exponential: every must be > 0, got 0'],
  [
    { peak: 1, gamma: 0.5, staircase: 1 },
    TypeError,
    'exponential: staircase must be true or false, got 1',
  ],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => exponential(options as never), kind, message)
})
