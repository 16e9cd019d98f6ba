import { warmupLinear } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import {
  expectHeld,
  expectNear,
  expectRefusal,
  expectWithin,
  lengths,
  type Refusal,
  range,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_transformers', 'schedules/warmupLinear'))(
  'Transformers: $id',
  (fixture) => {
    expectDocumented('schedulers_transformers', fixture)
  },
)

test('stays within [start, peak] in the warmup, [floor, peak] after it, without a jump, and at the floor after the end', () => {
  fc.assert(
    fc.property(range, fc.nat({ max: 500 }), lengths, step, ([floor, peak], length, more, t) => {
      const schedule = warmupLinear({ peak, warmup: length, total: length + more, floor })
      expectWithin(schedule(t), t < length ? 0 : floor, peak)
      expect(schedule(length)).toBeCloseTo(peak, 12)
      if (length > 0) expectNear(schedule(length - 1), peak - peak / length)
      expectNear(schedule(length + more), floor)
      expectHeld(schedule, length + more, t)
    }),
  )
})

test.each<Refusal>([
  [
    { peak: 1, warmup: 10, total: 10 },
    RangeError,
    'warmupLinear: total must be > warmup (10), got 10',
  ],
  [
    { peak: 1, warmup: -1, total: 10 },
    RangeError,
    'warmupLinear: warmup must be a whole number ≥ 0, got -1',
  ],
  [{ peak: 1, total: 10 }, TypeError, 'warmupLinear: warmup is missing'],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => warmupLinear(options as never), kind, message)
})
