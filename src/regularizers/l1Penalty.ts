import type { Tensor } from '../nn/tensor.js'
import { penalty } from './penalty.js'

/**
 * The L1 penalty (lasso): λ·Σ|w|. Its slope is λ·sign(w), and 0 at 0; it draws weights towards 0, but never onto it: for zeros
 * that are zeros see `softThreshold`.
 * Source    Tibshirani 1996.   Tests  test/regularizers/l1Penalty.test.ts
 * @throws RangeError if the strength is negative, or there is no parameter
 * @example  loss.add(l1Penalty(model.parameters(), 1e-4)).backward()
 */
export const l1Penalty = (params: readonly Tensor[], strength: number): Tensor =>
  penalty('l1Penalty', params, strength, (w) => w.abs().sum())
