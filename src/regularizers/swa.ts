import { count, period } from '../backend/options.js'
import type { Tensor } from '../nn/tensor.js'
import { type AverageDefinition, WeightAverage } from './average.js'

/** Options of `swa`. */
export interface Swa {
  /** Calls of `update()` before the first that counts. */
  start?: number
  /** Every how many calls the weights are taken in: the steps of an epoch, in the paper. */
  every?: number
}

const definition: AverageDefinition = {
  name: 'swa',
  options: { start: count(0), every: period(1) },
  rule: '(average, p, { n }) => [average + (p - average) / (n + 1)]',
  hypers: (_, n) => ({ n }),
  fromZero: () => false,
  weight: () => 1,
}

/**
 * Stochastic weight averaging: the plain mean of the weights of some steps, a ← a + (w − a)/(n + 1).
 * Source    Izmailov et al. 2018, arXiv:1803.05407, Alg. 1; torch.optim.swa_utils.AveragedModel.
 * Differs   Running statistics of batch norm are not recomputed: `updateBatchNorm` does.
 * Defaults  every step from the first.   Memory  1 float a parameter.   Tests  test/regularizers/swa.test.ts
 * @throws RangeError for an option out of its range, or if there is no parameter
 * @example
 * const average = swa(model.parameters(), { start: 1000, every: 100 })
 * for await (const batch of stream) {
 *   optimizer.step()
 *   average.update()
 * }
 */
export const swa = (params: readonly Tensor[], options: Swa = {}): WeightAverage =>
  new WeightAverage(definition, params, options)
