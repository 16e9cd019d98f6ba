import { linear } from 'downhill'
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

test.each(goldenCases('schedulers_torch', 'schedules/linear'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

test.each(goldenCases('schedulers_optax', 'schedules/linear'))('Optax: $id', (fixture) => {
  expectDocumented('schedulers_optax', fixture)
})

test('is PyTorch’s recursion', () => {
  const positive = fc.double({ min: 0.01, max: 10, noNaN: true })
  fc.assert(
    fc.property(positive, positive, lengths, (start, end, total) => {
      expectRecursion(
        linear({ start, end, total }),
        Math.min(60, total),
        (before, t) => before * (1 + (end - start) / (total * start + (t - 1) * (end - start))),
      )
    }),
  )
})

test('stays between start and end, in equal steps, and at the end after it', () => {
  fc.assert(
    fc.property(rates, rates, lengths, step, (start, end, total, t) => {
      const schedule = linear({ start, end, total })
      expectWithin(schedule(t), Math.min(start, end), Math.max(start, end))
      expect(schedule(0)).toBe(start)
      expectNear(schedule(1) - schedule(0), (end - start) / total)
      expectHeld(schedule, total, t)
    }),
  )
})

test.each<Refusal>([
  [{ start: 1, total: 9 }, TypeError, 'linear: end is missing'],
  [{ start: -1, end: 1, total: 9 }, RangeError, 'linear: start must be ≥ 0, got -1'],
  [
    { start: 1, end: 0, total: 2.5 },
    RangeError,
    'linear: total must be a whole number ≥ 1, got 2.5',
  ],
  [
    { start: 1, end: Number.POSITIVE_INFINITY, total: 2 },
    RangeError,
    'linear: end must be finite, got Infinity',
  ],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => linear(options as never), kind, message)
})
