import { parameter, type Tensor, tensor, useBackend } from 'downhill'
import { expectGolden, type Fixture } from './golden.js'
import { float32Tol, type Matrix } from './layers.js'

/** PyTorch's option in our style: label_smoothing → labelSmoothing. */
const ours = (name: string) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())

/** Holds a loss and the gradient of its input against the fixture's, in its own bound on reference, in float32's on simd. */
export async function expectLoss(
  backend: 'reference' | 'simd',
  fixture: Fixture,
  loss: (input: Tensor, target: Tensor, options: object) => Tensor,
): Promise<void> {
  await useBackend(backend)
  const tol = backend === 'reference' ? fixture.tol : float32Tol
  const { input, target, grad_input } = fixture as unknown as Record<string, Matrix>
  const x = parameter(input!.data, { shape: input!.shape })
  const options = Object.fromEntries(
    Object.entries(fixture.args as object)
      .filter(([name]) => name !== 'note')
      .map(([name, value]) => [ours(name), value]),
  )
  const value = loss(x, tensor(target!.data, { shape: target!.shape }), options)
  value.sum().backward()
  const theirs = fixture.loss as number | Matrix
  const expected = typeof theirs === 'number' ? theirs : theirs.data
  expectGolden(await value.data(), expected, tol, `${fixture.id}, loss`)
  expectGolden(await x.grad!.data(), grad_input!.data, tol, `${fixture.id}, gradient`)
}
