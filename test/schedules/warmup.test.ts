import { warmup } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import {
  expectHeld,
  expectRefusal,
  expectWithin,
  lengths,
  type Refusal,
  range,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_transformers', 'schedules/warmup'))(
  'Transformers: $id',
  (fixture) => {
    expectDocumented('schedulers_transformers', fixture)
  },
)

test.each(goldenCases('schedulers_optax', 'schedules/warmup'))('Optax: $id', (fixture) => {
  expectDocumented('schedulers_optax', fixture)
})

const shapes = fc.constantFrom('linear' as const, 'cosine' as const, 'sqrt' as const)

test('rises from start to peak without a jump, and stays there', () => {
  fc.assert(
    fc.property(range, lengths, shapes, step, ([start, peak], length, shape, t) => {
      const schedule = warmup({ peak, start, warmup: length, shape })
      expect(schedule(0)).toBeCloseTo(start, 12)
      expect(schedule(length)).toBe(peak)
      expectWithin(schedule(t), start, peak)
      expect(schedule(t + 1)).toBeGreaterThanOrEqual(schedule(t) - 1e-12)
      expect(schedule(length - 1e-9)).toBeCloseTo(peak, 3) // sqrt arrives steeply
      expectHeld(schedule, length, t)
    }),
  )
})

test('of 0 steps is the peak at once', () => {
  expect(warmup({ peak: 0.1, warmup: 0 })(0)).toBe(0.1)
})

test.each([
  ['linear', 0.25],
  ['cosine', 0.5 * (1 - Math.SQRT1_2)],
  ['sqrt', 1 - Math.sqrt(0.75)],
] as const)('a quarter of the way %s has risen by %d', (shape, risen) => {
  expect(warmup({ peak: 1, warmup: 4, shape })(1)).toBeCloseTo(risen, 15)
})

test.each<Refusal>([
  [{ warmup: 9 }, TypeError, 'warmup: peak is missing'],
  [{ peak: 1, warmup: -1 }, RangeError, 'warmup: warmup must be a whole number ≥ 0, got -1'],
  [
    { peak: 1, warmup: 9, shape: 'steep' },
    RangeError,
    'warmup: shape must be "linear" or "cosine" or "sqrt", got "steep"',
  ],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => warmup(options as never), kind, message)
})
