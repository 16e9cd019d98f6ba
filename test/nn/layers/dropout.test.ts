import { dropout, initialize, parameter, sequential, tensor, useBackend } from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'
import { dropBy } from '../../../src/nn/layers/dropout.js'
import { expectGolden, goldenCases } from '../../support/golden.js'
import { float32Tol, type Matrix } from '../../support/layers.js'

afterEach(() => useBackend('reference'))

describe.each(['reference', 'simd', 'gpu:cpu'] as const)('on %s', (name) => {
  test.each(goldenCases('layers', 'nn/layers/dropout'))(
    'PyTorch: $id, with its mask',
    async (fixture) => {
      await useBackend(name)
      const tol = name === 'reference' ? fixture.tol : float32Tol
      const { x, mask, y, grad_x_of_ones } = fixture as unknown as Record<string, Matrix>
      const { p } = fixture.args as { p: number }
      const input = parameter(x!.data, { shape: x!.shape })
      // What is dropped drew a number below p, what is kept one above.
      const drawn = mask!.data.map((one) => (one === 0 ? 0 : 0.75))
      const result = dropBy(input, input.backend.write(drawn), p)
      result.sum().backward()
      expectGolden(await result.data(), y!.data, tol, `${fixture.id}, y`)
      expectGolden(await input.grad!.data(), grad_x_of_ones!.data, tol, `${fixture.id}, slope`)
    },
  )
})

const ones = (n: number) => tensor(new Array(n).fill(1))

test('keeps the mean, with the variance of PyTorch’s fixture', () => {
  const n = 40_000
  for (const p of [0.1, 0.5, 0.9]) {
    const values = dropout(p, { seed: 3 })(ones(n)).dataSync()
    const mean = values.reduce((sum, x) => sum + x, 0) / n
    // Five standard deviations of the mean of n draws with variance p/(1 − p).
    expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt(p / (1 - p) / n))
    expect([...new Set(values)].sort()).toEqual([0, 1 / (1 - p)])
  }
})

test('p = 0 and evaluation are the identity, p = 1 gives zeros', () => {
  const x = ones(100)
  expect(dropout(0)(x)).toBe(x)
  const half = dropout(0.5)
  half.evaluate()
  expect(half(x)).toBe(x)
  expect([...dropout(1)(x).dataSync()]).toEqual(new Array(100).fill(0))
})

test('draws anew at each call, the same again from a saved state, and on every backend', async () => {
  const layer = sequential(dropout(0.5, { seed: 4 }))
  const first = [...layer(ones(64)).dataSync()]
  const state = await layer.stateDict()
  expect(state).toEqual({ '0.draws': { shape: [], data: [1] } })
  const second = [...layer(ones(64)).dataSync()]
  expect(second).not.toEqual(first)
  const resumed = sequential(dropout(0.5, { seed: 4 }))
  resumed.loadStateDict(state)
  expect([...resumed(ones(64)).dataSync()]).toEqual(second)
  await useBackend('simd')
  expect([...dropout(0.5, { seed: 4 })(ones(64)).dataSync()]).toEqual(first)
  initialize(layer, { seed: 5 })
  expect(await layer.stateDict()).toEqual({ '0.draws': { shape: [], data: [0] } })
})

test('refuses a p that is no share', () => {
  expect(() => dropout(1.5)).toThrow('dropout: p must be in [0, 1], got 1.5')
  expect(() => dropout(0.5, { sead: 1 } as never)).toThrow(
    'dropout: there is no option "sead"; it takes seed',
  )
})
