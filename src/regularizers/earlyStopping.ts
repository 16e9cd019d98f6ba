import type { DeviceArray } from '../backend/backend.js'
import { checkNames, checkOption, choice, flag, nonNegative, period } from '../backend/options.js'
import { copyOf } from '../nn/copy.js'
import { checkParameters } from '../nn/parameters.js'
import type { Tensor } from '../nn/tensor.js'

/** Options of `earlyStopping`. */
export interface EarlyStoppingOptions {
  /** How many observations in a row without improvement are one too many. */
  patience?: number
  /** An improvement is more than this. */
  minDelta?: number
  /** `min` for a loss, `max` for an accuracy. */
  mode?: 'min' | 'max'
  /** Keeps a copy of the best weights (not of the optimizer's state), and puts it back when patience runs out. */
  restoreBest?: boolean
}

/** What `observe` answers. */
export interface Observation {
  improved: boolean
  /** True from the observation at which patience ran out, until one improves. */
  stop: boolean
  /** The best metric so far; ±Infinity before the first. */
  best: number
  /** The observation that had it, counted from 0; −1 before the first. */
  bestStep: number
}

/** What has been seen, and with `restoreBest` the best weights, as plain data. */
export interface EarlyStoppingState {
  format: 'downhill.earlyStopping'
  version: 1
  /** null: no improvement yet. */
  best: number | null
  bestStep: number
  /** Observations so far. */
  steps: number
  /** The best weights, in the order of the parameters. */
  weights: { shape: number[]; data: number[] }[]
}

const spec = {
  patience: period(10),
  minDelta: nonNegative(0),
  mode: choice<'min' | 'max'>('min', 'max'),
  restoreBest: flag(false),
}

/** Watches one metric: `earlyStopping(…)`. */
export class EarlyStopping {
  readonly #options: Required<EarlyStoppingOptions>
  #best: number
  #bestStep = -1
  #steps = 0
  #weights = new Map<Tensor, DeviceArray>()

  /** @internal Use `earlyStopping`. */
  constructor(given: EarlyStoppingOptions) {
    checkNames('earlyStopping', spec, given)
    const { patience = 10, minDelta = 0, mode = 'min', restoreBest = false } = given
    this.#options = { patience, minDelta, mode, restoreBest }
    for (const [name, option] of Object.entries(spec))
      checkOption('earlyStopping', name, option, this.#options[name as keyof EarlyStoppingOptions])
    this.#best = mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  }

  /** Takes one value of the metric; NaN never improves. With `restoreBest` it needs the parameters, and puts the best back when it first says stop. */
  observe(metric: number, params?: readonly Tensor[]): Observation {
    if (typeof metric !== 'number')
      throw new TypeError(
        `earlyStopping: the metric must be a number, got ${typeof metric}; a tensor is read by await loss.item()`,
      )
    const { patience, minDelta, mode, restoreBest } = this.#options
    if (restoreBest && !params)
      throw new TypeError(
        'earlyStopping: restoreBest needs the parameters: observe(metric, params)',
      )
    const gain = mode === 'min' ? this.#best - metric : metric - this.#best
    const improved = gain > minDelta
    if (improved) {
      if (restoreBest) this.#keep(checkParameters('earlyStopping', params!))
      this.#best = metric
      this.#bestStep = this.#steps
    }
    const waited = this.#steps - this.#bestStep
    this.#steps += 1
    if (waited === patience) this.restore()
    const stop = waited >= patience
    return { improved, stop, best: this.#best, bestStep: this.#bestStep }
  }

  /** Puts the best weights into the parameters: for a run that ended before patience did. Nothing without `restoreBest`. */
  restore(): void {
    for (const [param, array] of this.#weights)
      param.replace(copyOf({ backend: param.backend, array }))
  }

  /** All that it remembers, to go on later. */
  async stateDict(): Promise<EarlyStoppingState> {
    const [best, bestStep, steps] = [this.#best, this.#bestStep, this.#steps]
    const weights = await Promise.all(
      [...this.#weights].map(async ([{ shape, backend }, array]) => ({
        shape: [...shape],
        data: [...(await backend.read(array))],
      })),
    )
    const seen = { best: bestStep < 0 ? null : best, bestStep, steps, weights }
    return { format: 'downhill.earlyStopping', version: 1, ...seen }
  }

  /**
   * Goes on where `stateDict()` was taken, with its own options. With `restoreBest` it needs the parameters, in the same order.
   * @throws RangeError naming what does not fit; nothing is changed then
   */
  loadStateDict(state: EarlyStoppingState, params: readonly Tensor[] = []): void {
    const weights = checkSaved(state, params)
    if (this.#options.restoreBest && weights.length === 0 && state.best !== null)
      throw new RangeError('earlyStopping: this state has no weights, and restoreBest needs them')
    for (const [{ backend }, array] of this.#weights) backend.release(array)
    this.#weights = new Map(
      weights.map(({ data }, k) => [params[k]!, params[k]!.backend.write(data)]),
    )
    const worst = this.#options.mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    this.#best = state.best ?? worst
    this.#bestStep = state.bestStep
    this.#steps = state.steps
  }

  #keep(params: readonly Tensor[]): void {
    for (const [{ backend }, array] of this.#weights) backend.release(array)
    this.#weights = new Map(params.map((param) => [param, copyOf(param)]))
  }
}

/** The weights of a state, all checked. */
function checkSaved(
  state: EarlyStoppingState,
  params: readonly Tensor[],
): EarlyStoppingState['weights'] {
  const refuse = (what: string): never => {
    throw new RangeError(`earlyStopping: this state does not fit: ${what}`)
  }
  if (state?.format !== 'downhill.earlyStopping' || state.version !== 1)
    refuse('it is not the state of an early stopping, version 1')
  const { best, bestStep, steps, weights } = state
  const counted = Number.isSafeInteger(steps) && Number.isSafeInteger(bestStep)
  if (!(counted && bestStep >= -1 && bestStep < Math.max(steps, 0)))
    refuse(`the best of ${steps} observations cannot be ${bestStep}`)
  if (bestStep < 0 ? best !== null : typeof best !== 'number' || Number.isNaN(best))
    refuse(`its best is ${best}`)
  if (!Array.isArray(weights)) refuse('it has no list of weights')
  if (weights.length > 0 && weights.length !== params.length)
    refuse(`it has ${weights.length} weights, here are ${params.length} parameters`)
  for (const [k, { shape, data }] of weights.entries()) {
    const param = params[k]!
    if (String(shape) !== String(param.shape))
      refuse(`parameter ${k} has shape [${shape}] there, ${param} here`)
    if (data?.length !== param.size || !data.every((value) => typeof value === 'number'))
      refuse(`the weights of parameter ${k} must be ${param.size} numbers`)
  }
  return weights
}

/**
 * Stops a run whose metric has not improved for `patience` observations in a row, by more than `minDelta` each.
 * Source    Prechelt 1998; as Keras' EarlyStopping and Lightning's.
 * Differs   An improvement must be strictly more than minDelta. Keras' patience 0 is our 1: the first that does not improve stops.
 * Defaults  patience 10, minDelta 0, mode min, no restoring (Keras: 0, 0; Lightning: 3, 0).   Memory  1 float a parameter with restoreBest.
 * Tests     test/regularizers/earlyStopping.test.ts
 * @throws RangeError or TypeError for an option out of its range
 * @example
 * const stopping = earlyStopping({ patience: 10, minDelta: 1e-3, restoreBest: true })
 * for (let epoch = 0; epoch < 100; epoch++) {
 *   optimizer.step()
 *   if (stopping.observe(validationLoss, model.parameters()).stop) break
 * }
 */
export const earlyStopping = (options: EarlyStoppingOptions = {}): EarlyStopping =>
  new EarlyStopping(options)
