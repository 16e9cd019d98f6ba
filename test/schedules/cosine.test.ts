import { cosine } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { goldenCases } from '../support/golden.js'
import { expectLrs, expectValues, expectWithin, rates, step } from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/cosine'))(
  'PyTorch, up to T_max: $id',
  (fixture) => {
    const { args } = fixture.scheduler as { args: { T_max: number; eta_min: number } }
    const make = (peak: number) => cosine({ peak, total: args.T_max, floor: args.eta_min })
    expectLrs(fixture, make, args.T_max)
  },
)

test.each(goldenCases('schedulers_optax', 'schedules/cosine'))('Optax: $id', (fixture) => {
  const args = fixture.args as { init_value: number; decay_steps: number; alpha: number }
  const { init_value: peak, decay_steps: total, alpha } = args
  expectValues(fixture, cosine({ peak, total, floor: alpha * peak }))
})

test('stays between floor and peak, and at the floor after the end', () => {
  fc.assert(
    fc.property(rates, rates, fc.integer({ min: 1, max: 1000 }), step, (a, b, total, t) => {
      const [floor, peak] = [Math.min(a, b), Math.max(a, b)]
      const schedule = cosine({ peak, total, floor })
      expectWithin(schedule(t), floor, peak)
      expect(schedule(total + t)).toBe(schedule(total))
    }),
  )
})

test.each([
  [{ peak: 1 }, TypeError, 'cosine: total is missing'],
  [{ peak: 1, total: 0 }, RangeError, 'cosine: total must be a whole number ≥ 1, got 0'],
  [{ peak: 1, total: 9, floor: -1 }, RangeError, 'cosine: floor must be ≥ 0, got -1'],
  [
    { peak: 1, steps: 9 },
    TypeError,
    'cosine: there is no option "steps"; it takes peak, total, floor',
  ],
  [{ peak: () => 1, total: 9 }, TypeError, 'cosine: peak must be a number, got a function'],
])('refuses %o', (options, kind, message) => {
  expect(() => cosine(options as never)).toThrow(new kind(message))
})
