import { linear, parameter, tensor } from 'downhill'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { goldenCases } from '../../support/golden.js'
import { expectLayer } from '../../support/layers.js'
import { expectSlopes } from '../../support/slopes.js'

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test.each(goldenCases('layers', 'nn/layers/linear'))('PyTorch: $id', (fixture) => {
    const { weight } = fixture.params as { weight: { shape: [number, number] } }
    const [outputs, inputs] = weight.shape
    return expectLayer(name, fixture, () =>
      linear(inputs, outputs, { bias: fixture.id !== 'linear_no_bias' }),
    )
  })
})

test('slopes', () => {
  const length = fc.integer({ min: 1, max: 4 })
  fc.assert(
    fc.property(length, length, length, fc.boolean(), (rows, inputs, outputs, bias) => {
      const layer = linear(inputs, outputs, { bias })
      expectSlopes(layer, [[rows, inputs]])
    }),
    { numRuns: 15 },
  )
})

test('the name still makes the schedule', () => {
  expect(linear({ start: 1, end: 0, total: 4 })(1)).toBe(0.75)
  expect(linear(3, 2).name).toBe('linear(3, 2)')
})

test('refuses sizes and inputs that do not fit', () => {
  expect(() => linear(0, 2)).toThrow('linear: inputs must be a whole number ≥ 1, got 0')
  expect(() => linear(2, undefined as never)).toThrow(
    'linear: outputs must be a number, got undefined',
  )
  expect(() => linear(2, 3, { seed: -1 })).toThrow('linear: seed must be a whole number from 0')
  expect(() => linear(2, 3, { bais: false } as never)).toThrow(
    'linear: there is no option "bais"; it takes bias, init, seed',
  )
  expect(() => linear(2, 3)(tensor([1, 2, 3]))).toThrow(
    new RangeError(
      'linear(2, 3): the last dimension of its input must be 2, got tensor [3] on reference',
    ),
  )
  expect(() => linear(2, 3)(parameter(1))).toThrow('must be 2, got tensor []')
})
