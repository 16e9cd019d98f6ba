import { constant } from 'downhill'
import { expect, test } from 'vitest'
import { goldenCases } from '../support/golden.js'
import { expectLrs } from '../support/schedules.js'

test.each(goldenCases('schedulers_transformers', 'schedules/constant'))(
  'Transformers: $id',
  (fixture) => {
    expectLrs(fixture, constant)
  },
)

test('refuses a negative rate', () => {
  expect(() => constant(-1)).toThrow(new RangeError('constant: rate must be ≥ 0, got -1'))
})
