import { type Layer, parameter, tensor, useBackend } from 'downhill'
import { afterEach, expect } from 'vitest'
import { expectGolden, type Fixture } from './golden.js'

afterEach(() => useBackend('reference'))

export interface Matrix {
  shape: number[]
  data: number[]
}

/** float32 rounds each operation by 6e-8; the chains of these layers, over values up to about 5, stay below this. */
export const float32Tol = 2e-5

/** PyTorch's name of a buffer in ours: running_mean → runningMean. */
export const ours = (name: string) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())

export const entry = (value: number | Matrix) =>
  typeof value === 'number' ? { shape: [], data: [value] } : value

/** Holds result, gradients and running statistics of a layer against the fixture's, in its own bound on reference, in float32's on simd. */
export async function expectLayer(
  backend: 'reference' | 'simd',
  fixture: Fixture,
  make: () => Layer,
): Promise<void> {
  await useBackend(backend)
  const tol = backend === 'reference' ? fixture.tol : float32Tol
  const layer = make()
  const given = fixture.params as Record<string, number | Matrix>
  layer.loadStateDict(
    Object.fromEntries(Object.entries(given).map(([name, value]) => [ours(name), entry(value)])),
  )
  if (fixture.train === false) layer.evaluate()
  const { x, y, grad_y, grad_x, grad_params } = fixture as unknown as Record<string, Matrix> & {
    grad_params: Record<string, Matrix>
  }
  const input = parameter(x!.data, { shape: x!.shape })
  const result = layer(input)
  expect(result.shape).toEqual(y!.shape)
  const values = await result.data()
  result
    .mul(tensor(grad_y!.data, { shape: grad_y!.shape }))
    .sum()
    .backward()
  expectGolden(values, y!.data, tol, `${fixture.id}, y`)
  expectGolden(await input.grad!.data(), grad_x!.data, tol, `${fixture.id}, gradient of x`)
  for (const [name, param] of Object.entries(layer.namedParameters()))
    expectGolden(
      await param.grad!.data(),
      grad_params[name]!.data,
      tol,
      `${fixture.id}, gradient of ${name}`,
    )
  expect(Object.keys(layer.namedParameters()).sort()).toEqual(Object.keys(grad_params).sort())
  const after = (fixture.buffers_after ?? {}) as Record<string, number | Matrix>
  const state = await layer.stateDict()
  for (const [name, value] of Object.entries(after))
    expectGolden(state[ours(name)]!.data, entry(value).data, tol, `${fixture.id}, ${name}`)
}
