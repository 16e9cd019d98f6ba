import { defineLayer, type Layer, type LayerParts, partsOf } from '../layer.js'
import { discard } from '../recording.js'
import type { Tensor } from '../tensor.js'

/** A layer, or any function of a tensor. */
export type LayerLike = Layer | ((x: Tensor) => Tensor)

/** One call: a layer, or a layer with the activation after it. */
interface Step {
  run(x: Tensor): Tensor
  keepsNothing: boolean
}

function asLayer(given: LayerLike, where: string): Layer {
  if (typeof given !== 'function')
    throw new TypeError(
      `sequential: ${where} must be a layer or a function of a tensor, got ${typeof given}; write relu(), not 'relu'`,
    )
  const layer = given as Layer
  return partsOf(layer) ? layer : defineLayer({ name: given.name || 'function', forward: given })
}

/** Layers in order; an activation that can go into the product before it does. */
function stepsOf(layers: readonly Layer[]): Step[] {
  const steps: Step[] = []
  for (let k = 0; k < layers.length; k++) {
    const parts = partsOf(layers[k]!)!
    const { activation } = (layers[k + 1] && partsOf(layers[k + 1]!)) ?? {}
    const fused = activation && parts.withActivation
    const keepsNothing = parts.keepsNothing ?? false
    if (!fused) steps.push({ run: layers[k]!, keepsNothing })
    else {
      steps.push({ run: (x) => parts.withActivation!(x, activation), keepsNothing })
      k += 1
    }
  }
  return steps
}

/**
 * Layers, one after the other: the result of each is the input of the next. As names, they can be told apart: `sequential({ body: …, head: … })`.
 * A function of a tensor may stand for a layer without parameters. An activation after a `linear` is computed together with it, and what lies between
 * two layers of this library is freed as soon as nothing needs it.
 * Source    torch.nn.Sequential, whose names of parameters are ours: `0.weight`, `body.0.weight`.   Tests  test/nn/layers/sequential.test.ts
 * @throws TypeError if one is neither a layer nor a function
 * @example
 * const model = sequential(linear(64, 128), relu(), linear(128, 10))
 * Object.keys(model.namedParameters()) // ['0.weight', '0.bias', '2.weight', '2.bias']
 */
export function sequential(...layers: LayerLike[]): Layer
export function sequential(layers: Readonly<Record<string, LayerLike>>): Layer
export function sequential(
  first?: LayerLike | Readonly<Record<string, LayerLike>>,
  ...others: LayerLike[]
): Layer {
  const named = typeof first === 'object' && first !== null && others.length === 0
  const given = named
    ? Object.entries(first)
    : (first === undefined ? [] : [first, ...others]).entries()
  const children: Record<string, Layer> = {}
  for (const [key, one] of given) {
    const path = String(key)
    if (path.includes('.') || path === '')
      throw new RangeError(`sequential: a name must not be empty or have a dot, got "${path}"`)
    children[path] = asLayer(one as LayerLike, named ? `"${path}"` : `layer ${path}`)
  }
  const layers = Object.values(children)
  const steps = stepsOf(layers)
  const definition: LayerParts = {
    name: `sequential(${layers.map(({ name }) => name).join(', ')})`,
    children,
    keepsNothing: steps.every(({ keepsNothing }) => keepsNothing),
    forward(x) {
      let value = x
      let ours = false
      for (const { run, keepsNothing } of steps) {
        const next = run(value)
        if (next !== value) {
          if (ours && keepsNothing) discard(value)
          ours = keepsNothing
        }
        value = next
      }
      return value
    },
  }
  return defineLayer(definition)
}
