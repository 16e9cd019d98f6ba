import {
  elu,
  gelu,
  type Layer,
  leakyRelu,
  linear,
  logSigmoid,
  relu,
  sequential,
  sigmoid,
  silu,
  softplus,
  type Tensor,
  tanh,
  tensor,
} from 'downhill'
import { describe, expect, test } from 'vitest'
import { expectActivation } from '../../support/activations.js'
import { goldenCases } from '../../support/golden.js'
import { expectSlopes, someNumbers } from '../../support/slopes.js'

/** By the fixtures' ids. */
const layers: Record<string, () => Layer> = {
  relu,
  leaky_relu: leakyRelu,
  elu,
  gelu_exact: gelu,
  gelu_tanh: () => gelu({ approximate: 'tanh' }),
  silu,
  sigmoid,
  tanh,
  softplus,
  logsigmoid: logSigmoid,
}

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test.each(goldenCases('layers', 'nn/layers/activations'))('PyTorch: $id', (fixture) =>
    expectActivation(name, fixture, layers[fixture.id]!()),
  )
})

test.each([
  ...Object.entries(layers),
  ['a steeper leaky relu', () => leakyRelu({ slope: 0.3 })],
  ['elu with another α', () => elu({ alpha: 0.5 })],
] as [string, () => Layer][])('slopes of %s, alone and after linear', (_, make) => {
  expectSlopes(make(), [[3, 4]])
  const first = linear(4, 3, { seed: 1 })
  const both = sequential(first, make())
  const single = (x: Tensor) => make()(first(x))
  const x = tensor(someNumbers(20, 3), { shape: [5, 4] })
  expect([...both(x).dataSync()]).toEqual([...single(x).dataSync()])
  expectSlopes(both, [[2, 4]])
})

test('gelu is x·Φ(x) to the last digits', () => {
  // Φ from tables with 15 digits.
  const phi = [0.5, 0.841344746068543, 0.977249868051821, 0.99865010196837, 0.999968328758167]
  const values = gelu()(tensor([0, 1, 2, 3, 4])).dataSync()
  for (const [x, value] of values.entries())
    expect(Math.abs(value - x * phi[x]!)).toBeLessThan(4e-15)
  for (const [k, value] of gelu()(tensor([-1, -2, -3, -4]))
    .dataSync()
    .entries())
    expect(Math.abs(value + (k + 1) * (1 - phi[k + 1]!))).toBeLessThan(4e-15)
})

test('NaN stays NaN', () => {
  for (const make of Object.values(layers))
    expect(make()(tensor([Number.NaN])).itemSync()).toBeNaN()
})

test('refuses options out of range', () => {
  expect(() => leakyRelu({ slope: -1 })).toThrow('leakyRelu: slope must be ≥ 0, got -1')
  expect(() => elu({ alpha: 0 })).toThrow('elu: alpha must be > 0, got 0')
  expect(() => gelu({ approximate: 'erf' as never })).toThrow(
    "gelu: approximate must be 'none' or 'tanh', got erf",
  )
})
