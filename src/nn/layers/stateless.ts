import { defineLayer, type Layer, type LayerParts } from '../layer.js'

/** A layer of the library without parameters. */
export function stateless(
  name: string,
  forward: LayerParts['forward'],
  parts: Partial<LayerParts> = {},
): Layer {
  const definition: LayerParts = { name, forward, keepsNothing: true, ...parts }
  return defineLayer(definition)
}
