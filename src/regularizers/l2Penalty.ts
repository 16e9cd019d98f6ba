import { checkOption, positive } from '../backend/options.js'
import type { Tensor } from '../nn/tensor.js'
import { penalty } from './penalty.js'

/** Options of `l2Penalty`. */
export interface L2Penalty {
  /** ½: the slope is λ·w, as the `weightDecay` of sgd and adam. 1: λ·Σw², the slope is twice that. */
  factor?: number
}

/**
 * The L2 penalty (ridge): ½·λ·Σw², whose slope is λ·w.
 * Source    Hoerl & Kennard 1970.
 * Differs   Many write λ·Σw², Keras and scikit-learn's Ridge among them: `factor: 1`. Under Adam it is not weight decay: see `decayWeights`.
 * Tests     test/regularizers/l2Penalty.test.ts
 * @throws RangeError if the strength is negative, or there is no parameter
 * @example  loss.add(l2Penalty(model.parameters(), 1e-4)).backward()
 */
export function l2Penalty(
  params: readonly Tensor[],
  strength: number,
  { factor = 0.5 }: L2Penalty = {},
): Tensor {
  checkOption('l2Penalty', 'factor', positive(), factor)
  return penalty('l2Penalty', params, strength, (w) => w.square().sum().mul(factor))
}
