import { linear, polynomial } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import {
  expectHeld,
  expectNear,
  expectRecursion,
  expectRefusal,
  expectWithin,
  lengths,
  type Refusal,
  rates,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/polynomial'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

test.each(goldenCases('schedulers_transformers', 'schedules/polynomial'))(
  'Transformers: $id',
  (fixture) => {
    expectDocumented('schedulers_transformers', fixture)
  },
)

test.each(goldenCases('schedulers_optax', 'schedules/polynomial'))('Optax: $id', (fixture) => {
  expectDocumented('schedulers_optax', fixture)
})

test('is PyTorch’s recursion', () => {
  fc.assert(
    fc.property(rates, lengths, fc.integer({ min: 1, max: 4 }), (start, total, power) => {
      const left = (t: number) => 1 - t / total
      expectRecursion(
        polynomial({ start, total, power }),
        Math.min(60, total - 1),
        (before, t) => before * (left(t) / left(t - 1)) ** power,
      )
    }),
  )
})

test('stays between start and end, and at the end after it', () => {
  const powers = fc.double({ min: 0.1, max: 5, noNaN: true })
  fc.assert(
    fc.property(rates, rates, lengths, powers, step, (start, end, total, power, t) => {
      const schedule = polynomial({ start, end, total, power })
      expectWithin(schedule(t), Math.min(start, end), Math.max(start, end))
      expect(schedule(0)).toBeCloseTo(start, 12)
      expect(schedule(total)).toBe(end)
      expectHeld(schedule, total, t)
    }),
  )
})

test('with power 1 it is linear', () => {
  fc.assert(
    fc.property(rates, rates, lengths, step, (start, end, total, t) => {
      expectNear(polynomial({ start, end, total })(t), linear({ start, end, total })(t))
    }),
  )
})

test.each<Refusal>([
  [{ total: 9 }, TypeError, 'polynomial: start is missing'],
  [{ start: 1, total: 0 }, RangeError, 'polynomial: total must be a whole number ≥ 1, got 0'],
  [{ start: 1, total: 9, power: 0 }, RangeError, 'polynomial: power must be > 0, got 0'],
  [{ start: 1, total: 9, end: -1 }, RangeError, 'polynomial: end must be ≥ 0, got -1'],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => polynomial(options as never), kind, message)
})
