import { exponential, floor } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import { expectRefusal, factors, type Refusal, rates, step } from '../support/schedules.js'

test.each(goldenCases('schedulers_optax', 'schedules/floor'))('Optax: $id', (fixture) => {
  expectDocumented('schedulers_optax', fixture)
})

test('is the schedule where that is higher, else the least value', () => {
  fc.assert(
    fc.property(rates, factors, rates, step, (peak, gamma, least, t) => {
      const below = exponential({ peak, gamma })
      expect(floor(below, least)(t)).toBe(Math.max(least, below(t)))
    }),
  )
})

test.each<Refusal>([
  [-1, RangeError, 'floor: least must be ≥ 0, got -1'],
  [undefined, TypeError, 'floor: least is missing'],
])('refuses a least value of %o', (least, kind, message) => {
  expectRefusal(() => floor(1, least as never), kind, message)
})

test('refuses what is no schedule', () => {
  expectRefusal(
    () => floor({} as never, 1),
    TypeError,
    'floor: schedule 0 must be a number or a function of the step, got object',
  )
})
