import { type Layer, parameter, useBackend } from 'downhill'
import { expectGolden, type Fixture } from './golden.js'
import { float32Tol } from './layers.js'

/** Holds an activation and its slope against the fixture's. */
export async function expectActivation(
  backend: 'reference' | 'simd',
  fixture: Fixture,
  layer: Layer,
): Promise<void> {
  await useBackend(backend)
  const tol = backend === 'reference' ? fixture.tol : float32Tol
  const { x, y, dydx } = fixture as unknown as Record<string, number[]>
  const input = parameter(x!)
  const result = layer(input)
  result.sum().backward()
  expectGolden(await result.data(), y!, tol, `${fixture.id}, y`)
  expectGolden(await input.grad!.data(), dydx!, tol, `${fixture.id}, slope`)
}
