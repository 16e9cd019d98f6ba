import { inverseSqrt } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import {
  expectNear,
  expectRefusal,
  expectWithin,
  lengths,
  type Refusal,
  rates,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_transformers', 'schedules/inverseSqrt'))(
  'Transformers: $id',
  (fixture) => {
    expectDocumented('schedulers_transformers', fixture)
  },
)

test('stays within [0, peak], meets the warmup without a jump, and falls after it', () => {
  fc.assert(
    fc.property(rates, fc.nat({ max: 500 }), lengths, step, (peak, length, timescale, t) => {
      const schedule = inverseSqrt({ peak, warmup: length, timescale })
      expectWithin(schedule(t), 0, peak)
      expect(schedule(length)).toBe(peak)
      expect(schedule(length + t + 1)).toBeLessThanOrEqual(schedule(length + t))
      expectNear(schedule(length + timescale), peak * Math.SQRT1_2)
    }),
  )
})

test('with the default timescale it is peak·√(warmup / t)', () => {
  fc.assert(
    fc.property(rates, lengths, step, (peak, length, t) => {
      const schedule = inverseSqrt({ peak, warmup: length })
      expectNear(schedule(length + t), peak * Math.sqrt(length / (length + t)))
    }),
  )
})

test('without warmup the default timescale is 10,000, as in Transformers', () => {
  const schedule = inverseSqrt({ peak: 1, warmup: 0 })
  expect(schedule(0)).toBe(1)
  expect(schedule(30_000)).toBe(0.5)
})

test.each<Refusal>([
  [{ peak: 1 }, TypeError, 'inverseSqrt: warmup is missing'],
  [{ peak: 1, warmup: 2.5 }, RangeError, 'inverseSqrt: warmup must be a whole number ≥ 0, got 2.5'],
  [
    { peak: 1, warmup: 0, timescale: 0 },
    RangeError,
    'inverseSqrt: timescale must be a whole number ≥ 1, got 0',
  ],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => inverseSqrt(options as never), kind, message)
})
