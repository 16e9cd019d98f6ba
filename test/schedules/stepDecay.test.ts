import { stepDecay } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { goldenCases } from '../support/golden.js'
import { expectLrs, expectWithin, rates, step } from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/stepDecay'))('PyTorch: $id', (fixture) => {
  const { args } = fixture.scheduler as { args: { step_size: number; gamma: number } }
  expectLrs(fixture, (peak) => stepDecay({ peak, every: args.step_size, gamma: args.gamma }))
})

test('with gamma ≤ 1 it stays within [0, peak] and never rises', () => {
  const gammas = fc.double({ min: 1e-6, max: 1, noNaN: true })
  fc.assert(
    fc.property(rates, fc.integer({ min: 1, max: 50 }), gammas, step, (peak, every, gamma, t) => {
      const schedule = stepDecay({ peak, every, gamma })
      expectWithin(schedule(t), 0, peak)
      expect(schedule(t + 1)).toBeLessThanOrEqual(schedule(t))
    }),
  )
})

test.each([
  [{ peak: -1, every: 1 }, RangeError, 'stepDecay: peak must be ≥ 0, got -1'],
  [{ peak: 1, every: 0 }, RangeError, 'stepDecay: every must be a whole number ≥ 1, got 0'],
  [{ peak: 1, every: 1.5 }, RangeError, 'stepDecay: every must be a whole number ≥ 1, got 1.5'],
  [{ peak: 1, every: 1, gamma: 0 }, RangeError, 'stepDecay: gamma must be > 0, got 0'],
  [{ peak: 1 }, TypeError, 'stepDecay: every is missing'],
])('refuses %o', (options, kind, message) => {
  expect(() => stepDecay(options as never)).toThrow(new kind(message))
})
