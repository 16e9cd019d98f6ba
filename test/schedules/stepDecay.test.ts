import { stepDecay } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import {
  expectRecursion,
  expectRefusal,
  expectWithin,
  factors,
  lengths,
  type Refusal,
  rates,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/stepDecay'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

test('is PyTorch’s recursion: × gamma where t is a multiple of every', () => {
  fc.assert(
    fc.property(rates, lengths, factors, (peak, every, gamma) => {
      expectRecursion(stepDecay({ peak, every, gamma }), 60, (before, t) =>
        t % every === 0 ? before * gamma : before,
      )
    }),
  )
})

test('with gamma ≤ 1 it stays within [0, peak] and never rises', () => {
  fc.assert(
    fc.property(rates, lengths, factors, step, (peak, every, gamma, t) => {
      const schedule = stepDecay({ peak, every, gamma })
      expectWithin(schedule(t), 0, peak)
      expect(schedule(t + 1)).toBeLessThanOrEqual(schedule(t))
    }),
  )
})

test.each<Refusal>([
  [{ peak: -1, every: 1 }, RangeError, 'stepDecay: peak must be ≥ 0, got -1'],
  [{ peak: 1, every: 0 }, RangeError, 'stepDecay: every must be a whole number ≥ 1, got 0'],
  [{ peak: 1, every: 1.5 }, RangeError, 'stepDecay: every must be a whole number ≥ 1, got 1.5'],
  [{ peak: 1, every: 1, gamma: 0 }, RangeError, 'stepDecay: gamma must be > 0, got 0'],
  [{ peak: 1 }, TypeError, 'stepDecay: every is missing'],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => stepDecay(options as never), kind, message)
})
