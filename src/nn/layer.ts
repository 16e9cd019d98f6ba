import type { RandomPlace } from '../backend/backend.js'
import { loadState, type ModelState, readState } from './modelState.js'
import type { Tensor } from './tensor.js'

/** A part of a model, and a model: a function of a tensor that knows its parameters. */
export interface Layer {
  (x: Tensor): Tensor
  /** What it is: "linear(64, 128)". */
  readonly name: string
  /** True at first and after `train()`: dropout drops, batch norm takes the batch's statistics. */
  readonly training: boolean
  /** The layers that it is made of, by name: '0', '1', … in a `sequential`. */
  readonly children: Readonly<Record<string, Layer>>
  /** All that an optimizer may move, its children's included, each once. */
  parameters(): Tensor[]
  /** The parameters by path, as PyTorch calls them: `0.weight`. */
  namedParameters(): Record<string, Tensor>
  /** Sets it and its children to training. */
  train(): void
  /** Sets it and its children to evaluation: to be called before the model is measured or used. */
  evaluate(): void
  /** Parameters, running statistics and counts by path, as plain data. */
  stateDict(): Promise<ModelState>
  /**
   * Takes the values of a `stateDict()`.
   * @throws RangeError naming what does not fit; nothing is changed then
   */
  loadStateDict(state: ModelState): void
}

/** What `defineLayer` takes. */
export interface LayerDefinition {
  readonly name: string
  /** What optimizers move. */
  readonly parameters?: Readonly<Record<string, Tensor>>
  /** Tensors that are saved, but not moved by optimizers: running statistics. */
  readonly buffers?: Readonly<Record<string, Tensor>>
  /** Whole numbers that are saved; the layer may change them: how often it drew. */
  readonly counts?: Record<string, number>
  readonly children?: Readonly<Record<string, Layer>>
  /** The result; `training` says in which of the two modes the layer is. */
  forward(x: Tensor, mode: { readonly training: boolean }): Tensor
  /** First values, drawn at a place of Philox's numbers: what `initialize(model, { seed })` calls. */
  initialize?(place: RandomPlace): void
}

/** @internal What the library's own layers tell beside that. */
export interface LayerParts extends LayerDefinition {
  /** An activation that a product can apply while it is stored. */
  readonly activation?: Activation
  /** The layer, and an activation after it, in one product. */
  withActivation?(x: Tensor, activation: Activation): Tensor
  /** Its first values are no random numbers: `initialize` gives it no stream. */
  readonly drawsNothing?: boolean
  /** It keeps neither what it is given nor what it gives: what lies between two such layers is freed early. */
  readonly keepsNothing?: boolean
}

/** @internal An activation whose slope is found from its result: y of z, and the gradient from y and d. */
export interface Activation {
  readonly value: string
  readonly slope: string
  readonly hypers?: Readonly<Record<string, number>>
}

const parts = new WeakMap<Layer, LayerParts>()

/** @internal Undefined for what `defineLayer` did not make. */
export const partsOf = (layer: Layer): LayerParts | undefined => parts.get(layer)

/**
 * Makes a layer of a function. Parameters are made with `parameter`; other layers that it calls are its children.
 * @throws TypeError if a child is no layer
 * @example
 * const inner = linear(4, 4)
 * const residual = defineLayer({ name: 'residual', children: { inner }, forward: (x) => x.add(inner(x)) })
 * Object.keys(residual.namedParameters()) // ['inner.weight', 'inner.bias']
 */
export function defineLayer(definition: LayerDefinition): Layer {
  const { name, children = {}, forward } = definition
  for (const [key, child] of Object.entries(children))
    if (typeof child !== 'function' || !parts.has(child))
      throw new TypeError(
        `${name}: child "${key}" is no layer; make it with defineLayer({ name, forward }), or put functions into sequential(…)`,
      )
  const mode = { training: true }
  const setMode = (training: boolean) => {
    mode.training = training
    for (const child of Object.values(children)) child[training ? 'train' : 'evaluate']()
  }
  const layer = Object.assign((x: Tensor) => forward(x, mode), {
    children,
    parameters: () => [...new Set(Object.values(named(layer, 'parameters')))],
    namedParameters: () => named(layer, 'parameters'),
    train: () => setMode(true),
    evaluate: () => setMode(false),
    stateDict: () => readState(tensorsOf(layer), countsOf(layer)),
    loadStateDict: (state: ModelState) => loadState(name, state, tensorsOf(layer), countsOf(layer)),
  }) as unknown as Layer
  Object.defineProperties(layer, {
    name: { value: name },
    training: { get: () => mode.training },
  })
  parts.set(layer, definition)
  return layer
}

/** Every layer of a model, itself first, with its path; one that is used twice comes once. */
export function layersOf(model: Layer): Map<Layer, string> {
  const found = new Map<Layer, string>()
  const visit = (layer: Layer, path: string) => {
    if (found.has(layer)) return
    found.set(layer, path)
    for (const [key, child] of Object.entries(layer.children))
      visit(child, path ? `${path}.${key}` : key)
  }
  visit(model, '')
  return found
}

const joined = (path: string, key: string): string => (path ? `${path}.${key}` : key)

function named(model: Layer, ...kinds: ('parameters' | 'buffers')[]): Record<string, Tensor> {
  const result: Record<string, Tensor> = {}
  for (const [layer, path] of layersOf(model))
    for (const kind of kinds)
      for (const [key, tensor] of Object.entries(partsOf(layer)?.[kind] ?? {}))
        result[joined(path, key)] = tensor
  return result
}

const tensorsOf = (model: Layer) => named(model, 'parameters', 'buffers')

/** Where each count is kept, by path. */
function countsOf(model: Layer): Record<string, { counts: Record<string, number>; key: string }> {
  const result: Record<string, { counts: Record<string, number>; key: string }> = {}
  for (const [layer, path] of layersOf(model)) {
    const counts = partsOf(layer)?.counts ?? {}
    for (const key of Object.keys(counts)) result[joined(path, key)] = { counts, key }
  }
  return result
}
