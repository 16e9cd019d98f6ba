import { groupLassoPenalty, l1Penalty, parameter, tensor } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import {
  describePenalty,
  expectNothingAtZero,
  expectPenalty,
  numbers,
} from '../support/penalties.js'

test.each(goldenCases('regularizers', 'regularizers/groupLassoPenalty'))(
  '$impl: $id',
  (fixture) => {
    const { lambda } = fixture.args as { lambda: number }
    expectPenalty(fixture, (w) => groupLassoPenalty([w], lambda))
  },
)

describePenalty('groupLassoPenalty', groupLassoPenalty, [2, 3])

test('zeros cost nothing and have no slope', () => expectNothingAtZero(groupLassoPenalty, [2, 3]))

test('units of one weight make it the lasso; columns are the rows of the transposed', () => {
  fc.assert(
    fc.property(numbers(6), (weights) => {
      const single = parameter(weights, { shape: [6, 1] })
      expectGolden(
        groupLassoPenalty([single], 0.3).itemSync(),
        l1Penalty([single], 0.3).itemSync(),
        1e-14,
        'lasso',
      )
      const turned = [0, 1, 2].flatMap((j) => [weights[j]!, weights[j + 3]!])
      expect(
        groupLassoPenalty([tensor(turned, { shape: [3, 2] })], 1, { units: 'columns' }).itemSync(),
      ).toBe(groupLassoPenalty([tensor(weights, { shape: [2, 3] })], 1).itemSync())
    }),
  )
})

test('refuses units that are neither', () => {
  expect(() => groupLassoPenalty([], 1, { units: 'cells' as never })).toThrow(
    new RangeError('groupLassoPenalty: units must be "rows" or "columns", got "cells"'),
  )
})
