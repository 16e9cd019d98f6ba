import { eachByResult } from '../elementwise.js'
import { type Activation, defineLayer, type Layer, type LayerParts } from '../layer.js'
import type { Tensor } from '../tensor.js'

/** A layer without parameters. */
export function stateless(
  name: string,
  forward: LayerParts['forward'],
  parts: Partial<LayerParts> = {},
): Layer {
  const definition: LayerParts = { name, forward, keepsNothing: true, ...parts }
  return defineLayer(definition)
}

/** An activation of each element whose slope is found from its result. */
export function byResult(name: string, activation: Activation): Layer {
  const { value, slope, hypers = {} } = activation
  const given = Object.keys(hypers)
  const options = given.length > 0 ? `, { ${given.join(', ')} }` : ''
  const [forward, backward] = [`(z${options}) => [${value}]`, `(y, d${options}) => [${slope}]`]
  return stateless(name, (x: Tensor) => eachByResult(x, forward, backward, hypers), { activation })
}

/**
 * max(x, 0) of each element. Its slope at 0 is 0.
 * Source    torch.nn.ReLU.   Tests  test/nn/layers/activations.test.ts
 * @example  const model = sequential(linear(64, 128), relu(), linear(128, 10))
 */
export const relu = (): Layer =>
  byResult('relu()', { value: 'Math.max(z, 0)', slope: 'y > 0 ? d : 0' })
