import { maxNorm, parameter } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import { numbers } from '../support/penalties.js'
import { describeProjection, projected } from '../support/projections.js'

test.each(goldenCases('regularizers', 'regularizers/maxNorm'))('$impl: $id', (fixture) => {
  const { maxnorm } = fixture.args as { maxnorm: number }
  const { data, shape } = fixture.w as { data: number[]; shape: number[] }
  const { data: theirs } = fixture.result as { data: number[] }
  // The fixture's tolerance is wide because of ε, which we add too.
  expectGolden(projected(maxNorm, data, maxnorm, shape), theirs, 1e-15, fixture.id)
})

describeProjection('maxNorm', maxNorm, 'the limit')

const norm = (values: readonly number[]) => Math.hypot(...values)
const limits = fc.double({ min: 1e-3, max: 100, noNaN: true })

test('each row ends within the limit, in its direction, and a second time changes nothing', () => {
  fc.assert(
    fc.property(numbers(6), limits, (weights, limit) => {
      const once = projected(maxNorm, weights, limit, [2, 3])
      for (const from of [0, 3]) {
        const [before, after] = [weights, once].map((values) => values.slice(from, from + 3))
        expect(norm(after!)).toBeLessThanOrEqual(limit)
        if (norm(before!) <= limit) expect(after).toEqual(before)
        const scale = norm(before!) && norm(after!) / norm(before!)
        expectGolden(
          after!,
          before!.map((w) => w * scale),
          1e-12,
          'direction',
        )
      }
      expect(projected(maxNorm, once, limit, [2, 3])).toEqual(once)
    }),
  )
})

test('columns, and a vector as one unit', () => {
  const columns = parameter([
    [3, 0.1],
    [4, 0.2],
  ])
  maxNorm([columns], 1, { units: 'columns', eps: 0 })
  expectGolden(columns.dataSync(), [0.6, 0.1, 0.8, 0.2], 1e-15, 'columns')
  const vector = parameter([3, 4])
  maxNorm([vector], 1, { eps: 0 })
  expectGolden(vector.dataSync(), [0.6, 0.8], 1e-15, 'vector')
})

test.each([
  [() => maxNorm([], 1, { eps: -1 }), 'maxNorm: eps must be ≥ 0, got -1'],
  [
    () => maxNorm([], 1, { units: 'cells' as never }),
    'maxNorm: units must be "rows" or "columns", got "cells"',
  ],
])('refuses: %s', (call, message) => {
  expect(call).toThrow(new RangeError(message))
})
