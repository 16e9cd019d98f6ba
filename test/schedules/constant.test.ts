import { constant } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import { expectRefusal, type Refusal, rates, step } from '../support/schedules.js'

test.each(goldenCases('schedulers_transformers', 'schedules/constant'))(
  'Transformers: $id',
  (fixture) => {
    expectDocumented('schedulers_transformers', fixture)
  },
)

test('is the same at every step', () => {
  fc.assert(
    fc.property(rates, step, (value, t) => {
      expect(constant(value)(t)).toBe(value)
    }),
  )
})

test.each<Refusal>([
  [-1, RangeError, 'constant: rate must be ≥ 0, got -1'],
  [undefined, TypeError, 'constant: rate is missing'],
  [Number.NaN, RangeError, 'constant: rate must be ≥ 0, got NaN'],
  ['0.1', TypeError, 'constant: rate must be a number, got "0.1"'],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => constant(options as never), kind, message)
})
