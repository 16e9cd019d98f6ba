import { multiplicative } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import { expectRecursion, expectRefusal, rates } from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/multiplicative'))(
  'PyTorch: $id',
  (fixture) => {
    expectDocumented('schedulers_torch', fixture)
  },
)

test('is the recursion, in whatever order its steps are asked for', () => {
  const factor = (t: number) => 1 - 0.01 * (t % 5)
  fc.assert(
    fc.property(rates, fc.nat({ max: 200 }), (peak, t) => {
      const schedule = multiplicative(factor, { peak })
      const last = schedule(t)
      expectRecursion(schedule, 200, (before, k) => before * factor(k))
      expect(schedule(t)).toBe(last)
    }),
  )
})

test('never asks for the factor at 0', () => {
  expect(multiplicative((t) => (t === 0 ? Number.NaN : 0.5))(2)).toBe(0.25)
})

test('refuses what is not a function', () => {
  expectRefusal(
    () => multiplicative(undefined as never),
    TypeError,
    'multiplicative: factor must be a function of the step, got undefined',
  )
})
