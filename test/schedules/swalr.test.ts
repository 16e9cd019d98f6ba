import { swalr } from 'downhill'
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
  rates,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/swalr'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

const shapes = fc.constantFrom('cosine' as const, 'linear' as const)

test('goes from start to end, up or down, and stays there', () => {
  fc.assert(
    fc.property(rates, rates, lengths, shapes, step, (start, end, total, shape, t) => {
      const schedule = swalr({ start, end, total, shape })
      expect(schedule(0)).toBe(start)
      expect(schedule(total)).toBe(end)
      expectWithin(schedule(t), Math.min(start, end), Math.max(start, end))
      expectHeld(schedule, total, t)
    }),
  )
})

test.each<Refusal>([
  [{ start: 1 }, TypeError, 'swalr: end is missing'],
  [{ start: 1, end: 1, total: 0 }, RangeError, 'swalr: total must be a whole number ≥ 1, got 0'],
  [
    { start: 1, end: 1, shape: 'cos' },
    RangeError,
    'swalr: shape must be "cosine" or "linear", got "cos"',
  ],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => swalr(options as never), kind, message)
})
