import { choice, count, flag, fraction, period } from '../backend/options.js'
import type { Tensor } from '../nn/tensor.js'
import { type AverageDefinition, WeightAverage } from './average.js'

/** Options of `ema`. */
export interface Ema {
  /** β, the share of the old average. */
  decay?: number
  /** `weights`: the first update takes the weights as they are. `zero`: it starts from 0. */
  initial?: 'weights' | 'zero'
  /** Divides an average from zero by 1 − βⁿ, so that it is one of the weights alone. One from the weights has no bias. */
  biasCorrection?: boolean
  /** Calls of `update()` before the first that counts. */
  start?: number
  /** Every how many calls the weights are taken in. */
  every?: number
}

const definition: AverageDefinition = {
  name: 'ema',
  options: {
    decay: fraction(0.999),
    initial: choice('weights', 'zero'),
    biasCorrection: flag(true),
    start: count(0),
    every: period(1),
  },
  rule: '(average, p, { decay }) => [decay * average + (1 - decay) * p]',
  hypers: ({ decay }) => ({ decay: decay as number }),
  fromZero: ({ initial }) => initial === 'zero',
  weight: ({ decay, initial, biasCorrection }, n) =>
    initial === 'zero' && biasCorrection ? 1 - (decay as number) ** n : 1,
}

/**
 * An exponential moving average of the weights: a ← β·a + (1−β)·w after each step, which smooths the last 1/(1−β) or so.
 * Source    Polyak & Juditsky 1992; torch.optim.swa_utils.AveragedModel with get_ema_multi_avg_fn, whose first update copies.
 * Differs   Optax's ema starts from zero and corrects the bias: `initial: 'zero'` (debias=False: `biasCorrection: false`).
 *           Its incremental_update(step_size s) is ours with decay 1 − s. Running statistics of batch norm are not averaged.
 * Defaults  β = 0.999, PyTorch's.   Memory  1 float a parameter.   Tests  test/regularizers/ema.test.ts
 * @throws RangeError for an option out of its range, or if there is no parameter
 * @example
 * const average = ema(model.parameters(), { decay: 0.99 })
 * for await (const batch of stream) {
 *   optimizer.step()
 *   average.update()
 * }
 * average.apply() // measure here
 * average.restore()
 */
export const ema = (params: readonly Tensor[], options: Ema = {}): WeightAverage =>
  new WeightAverage(definition, params, options)
