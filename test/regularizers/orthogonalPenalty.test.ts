import { orthogonalPenalty, parameter, tensor } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import { describePenalty, expectPenalty, numbers } from '../support/penalties.js'

test.each(goldenCases('regularizers', 'regularizers/orthogonalPenalty'))(
  '$impl: $id',
  (fixture) => {
    const { lambda } = fixture.args as { lambda: number }
    expectPenalty(fixture, (w) => orthogonalPenalty([w], lambda))
  },
)

describePenalty('orthogonalPenalty', orthogonalPenalty, [2, 3])

test('is 0 for a rotation, and only its columns can be in a tall matrix', () => {
  const [c, s] = [0.6, 0.8]
  const rotation = parameter([
    [c, -s],
    [s, c],
  ])
  const value = orthogonalPenalty([rotation], 1)
  value.backward()
  expectGolden(value.itemSync(), 0, 1e-30, 'penalty')
  expectGolden(rotation.grad!.dataSync(), [0, 0, 0, 0], 1e-15, 'slope')
  const tall = tensor([
    [1, 0],
    [0, 1],
    [0, 0],
  ])
  expect(orthogonalPenalty([tall], 1).itemSync()).toBe(0)
  expect(orthogonalPenalty([tall], 1, { units: 'rows' }).itemSync()).toBe(1)
})

test('rows are the columns of the transposed, value and slope', () => {
  const turned = (values: readonly number[]) =>
    [0, 1, 2].flatMap((j) => [values[j]!, values[j + 3]!])
  fc.assert(
    fc.property(numbers(6), (weights) => {
      const [plain, transposed] = [
        parameter(weights, { shape: [2, 3] }),
        parameter(turned(weights), { shape: [3, 2] }),
      ]
      const values = [
        orthogonalPenalty([plain], 1, { units: 'rows' }),
        orthogonalPenalty([transposed], 1),
      ]
      for (const value of values) value.backward()
      expectGolden(values[0]!.itemSync(), values[1]!.itemSync(), 1e-12, 'penalty')
      const slopes = [...plain.grad!.dataSync()]
      expectGolden(transposed.grad!.dataSync(), turned(slopes), 1e-12, 'slope')
    }),
  )
})

test.each([
  [
    () => orthogonalPenalty([parameter([1, 2], { name: 'bias' })], 1),
    'orthogonalPenalty: each must be a matrix, got bias [2] on reference',
  ],
  [
    () => orthogonalPenalty([], 1, { units: 'cells' as never }),
    'orthogonalPenalty: units must be "columns" or "rows", got "cells"',
  ],
])('refuses: %s', (call, message) => {
  expect(call).toThrow(new RangeError(message))
})
