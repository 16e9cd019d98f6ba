import { confidencePenalty, parameter, tensor } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import { expectPenalty, numbers } from '../support/penalties.js'

test.each(goldenCases('regularizers', 'regularizers/confidencePenalty'))(
  '$impl: $id',
  (fixture) => {
    const { lambda } = fixture.args as { lambda: number }
    expectPenalty(fixture, (logits) => confidencePenalty(logits, lambda))
  },
)

test('lies between −λ·log(classes) and 0; a number added to a row changes nothing', () => {
  fc.assert(
    fc.property(numbers(6), fc.integer({ min: -1000, max: 1000 }), (values, by) => {
      const at = (logits: number[]) =>
        confidencePenalty(tensor(logits, { shape: [2, 3] }), 0.5).itemSync()
      const value = at(values)
      expect(value).toBeLessThanOrEqual(0)
      expect(value).toBeGreaterThanOrEqual(-0.5 * Math.log(3) * (1 + 1e-14))
      const moved = at(values.map((z, k) => (k < 3 ? z + by : z)))
      expectGolden(moved, value, 1e-11, 'penalty')
    }),
  )
})

test('logits far apart neither overflow nor lose a row', () => {
  const logits = parameter([
    [1e4, 1e4, 0],
    [-1e4, -1e4, -1e4],
  ])
  const value = confidencePenalty(logits, 1)
  value.backward()
  expectGolden(value.itemSync(), -(Math.log(2) + Math.log(3)) / 2, 1e-12, 'penalty')
  expectGolden(logits.grad!.dataSync(), new Array(6).fill(0), 1e-12, 'slope')
})

test('one row of one class is sure', () => {
  expect(confidencePenalty(tensor([[5]]), 1).itemSync()).toBeCloseTo(0, 15)
})

test.each([
  [
    () => confidencePenalty(tensor([[1]]), -1),
    'confidencePenalty: the strength must be ≥ 0, got -1',
  ],
  [
    () => confidencePenalty(tensor([1, 2]), 1),
    'confidencePenalty: each must be a matrix, got tensor [2] on reference',
  ],
])('refuses: %s', (call, message) => {
  expect(call).toThrow(new RangeError(message))
})
