import { layerNorm, tensor } from 'downhill'
import { describe, expect, test } from 'vitest'
import { goldenCases } from '../../support/golden.js'
import { expectLayer } from '../../support/layers.js'
import { expectSlopes } from '../../support/slopes.js'

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test.each(goldenCases('layers', 'nn/layers/layerNorm'))('PyTorch: $id', (fixture) => {
    const { eps, normalized_shape } = fixture.args as { eps: number; normalized_shape: number[] }
    const own = Object.keys(fixture.params as object)
    const options = { eps, affine: own.includes('weight'), bias: own.includes('bias') }
    return expectLayer(name, fixture, () => layerNorm(normalized_shape, options))
  })
})

test.each([
  [[3], [2, 3]],
  [
    [2, 3],
    [2, 2, 3],
  ],
  [[4], [4]],
])('slopes with %j of %j', (lengths, shape) => {
  expectSlopes(layerNorm(lengths), [shape], { tol: 1e-5 })
  expectSlopes(layerNorm(lengths, { affine: false }), [shape], { tol: 1e-5 })
})

test('refuses other lengths', () => {
  expect(() => layerNorm(3)(tensor([1, 2]))).toThrow(
    new RangeError(
      'layerNorm(3): the last dimensions of its input must be [3], got tensor [2] on reference',
    ),
  )
  expect(() => layerNorm([])).toThrow('layerNorm: each length must be a whole number ≥ 1, got []')
  expect(() => layerNorm(2, { eps: -1 })).toThrow('layerNorm: eps must be > 0, got -1')
})
