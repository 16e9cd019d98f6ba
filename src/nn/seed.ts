import type { RandomPlace } from '../backend/backend.js'
import { checkOption } from '../backend/options.js'
import { type Layer, layersOf, partsOf } from './layer.js'
import { seedOption, streams } from './random.js'

let seed = 0
let stream = 0

/** Where a layer draws: with a seed of its own, or at the next stream of the common one. */
export function placeFor(owner: string, own?: number): RandomPlace {
  if (own === undefined) return { seed, step: 0, stream: streams.layers + stream++ }
  checkOption(owner, 'seed', seedOption, own)
  return { seed: own, step: 0, stream: streams.layers }
}

/**
 * The seed of all layers made from now on that have none of their own; the first of them draws from stream 0, the next from stream 1, and so on.
 * Until it is called the seed is 0: a program that makes the same layers in the same order always gets the same numbers, on every backend.
 * Source    Philox4x32-10, as torch.manual_seed on a GPU.   Tests  test/nn/seed.test.ts
 * @throws RangeError unless the seed is a whole number from 0 to 2⁵³ − 1
 * @example
 * manualSeed(1)
 * const model = sequential(linear(64, 128), relu(), linear(128, 10)) // the same weights each time
 */
export function manualSeed(value: number): void {
  checkOption('manualSeed', 'the seed', seedOption, value)
  seed = value
  stream = 0
}

/**
 * Draws the first values of all layers of a model anew, and forgets what they have counted: the k-th layer that draws takes stream k of the seed.
 * Tests     test/nn/seed.test.ts
 * @throws RangeError unless the seed is a whole number from 0 to 2⁵³ − 1; TypeError for what is no layer
 * @example
 * const model = sequential(linear(2, 3), relu(), linear(3, 1))
 * initialize(model, { seed: 2 }) // the same network, other weights
 */
export function initialize(model: Layer, { seed: value }: { seed: number }): void {
  checkOption('initialize', 'seed', seedOption, value)
  if (!partsOf(model)) throw new TypeError(`initialize: expected a layer, got ${typeof model}`)
  let next = streams.layers
  for (const layer of layersOf(model).keys()) {
    const parts = partsOf(layer)
    for (const key of Object.keys(parts?.counts ?? {})) parts!.counts![key] = 0
    parts?.initialize?.({ seed: value, step: 0, stream: parts.drawsNothing ? next : next++ })
  }
}
