import { elasticNetPenalty, l1Penalty, l2Penalty, parameter } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import {
  describePenalty,
  expectNothingAtZero,
  expectPenalty,
  numbers,
} from '../support/penalties.js'

test.each(goldenCases('regularizers', 'regularizers/elasticNetPenalty'))(
  '$impl: $id',
  (fixture) => {
    const { lambda, l1_ratio } = fixture.args as { lambda: number; l1_ratio: number }
    expectPenalty(fixture, (w) => elasticNetPenalty([w], lambda, { l1Ratio: l1_ratio }))
  },
)

describePenalty('elasticNetPenalty', elasticNetPenalty, [5])

test('zeros cost nothing and have no slope', () => expectNothingAtZero(elasticNetPenalty, [5]))

test('is the lasso at one end and ridge at the other', () => {
  fc.assert(
    fc.property(numbers(4), (weights) => {
      const w = parameter(weights)
      const ends = [1, 0].map((l1Ratio) => elasticNetPenalty([w], 0.3, { l1Ratio }).itemSync())
      const expected = [l1Penalty([w], 0.3), l2Penalty([w], 0.3)].map((one) => one.itemSync())
      expectGolden(ends, expected, 1e-14, 'ends')
    }),
  )
})

test.each([-0.1, 1.1, Number.NaN])('refuses a ratio of %s', (l1Ratio) => {
  expect(() => elasticNetPenalty([], 1, { l1Ratio })).toThrow(
    new RangeError(`elasticNetPenalty: l1Ratio must be in [0, 1], got ${l1Ratio}`),
  )
})
