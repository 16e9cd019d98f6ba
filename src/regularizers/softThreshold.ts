import { checkOption, nonNegative } from '../backend/options.js'
import type { Tensor } from '../nn/tensor.js'
import { project } from './project.js'

/**
 * Moves each weight by `amount` towards 0, and not past it: w ← sign(w)·max(|w| − a, 0). It is what minimizes ½·(x − w)² + a·|x|, so
 * after each step of sgd with a = lr·λ it makes the lasso (proximal gradient, ISTA), with zeros that are zeros. Frozen weights stay.
 * With momentum μ the step is lr/(1−μ) in the long run: take a = lr·λ/(1−μ).
 * Source    Daubechies et al. 2004, arXiv:math/0307152; torch.nn.functional.softshrink.   Tests  test/regularizers/softThreshold.test.ts
 * @throws RangeError if the amount is negative, or there is no parameter
 * @example  optimizer.step(); softThreshold([w], lr * 1e-3)
 */
export function softThreshold(params: readonly Tensor[], amount: number): void {
  checkOption('softThreshold', 'the amount', nonNegative(), amount)
  const rule = '(w, { amount }) => [Math.sign(w) * Math.max(Math.abs(w) - amount, 0)]'
  project('softThreshold', params, rule, { amount })
}
