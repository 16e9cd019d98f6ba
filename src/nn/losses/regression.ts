import { checkedOptions, choice, nonNegative, positive } from '../../backend/options.js'
import type { Tensor } from '../tensor.js'
import { elementLoss } from './elementLoss.js'
import type { Reduction } from './options.js'

/** Options of losses that have no others. */
export interface LossOptions {
  /** `mean` over all elements, `sum`, or `none`: each. */
  reduction?: Reduction
}

const reduction = choice<Reduction>('mean', 'sum', 'none')

/**
 * The squared error, (x − t)².
 * Source    torch.nn.functional.mse_loss.   Defaults  mean.   Tests  test/nn/losses/regression.test.ts
 * @throws RangeError unless the shapes are equal
 * @example  mse(w, tensor([[1, 1], [1, 1]])).backward()
 */
export function mse(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const given = checkedOptions('mse', { reduction }, options)
  return elementLoss('mse', input, target, given.reduction as Reduction, {
    value: '(x - t) * (x - t)',
    slope: '2 * (x - t)',
    targetSlope: '2 * (t - x)',
  })
}

/**
 * The absolute error, |x − t|. Its slope where both are equal is 0.
 * Source    torch.nn.functional.l1_loss.   Defaults  mean.   Tests  test/nn/losses/regression.test.ts
 * @throws RangeError unless the shapes are equal
 * @example  l1(w, tensor([[1, 1], [1, 1]])).backward()
 */
export function l1(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const given = checkedOptions('l1', { reduction }, options)
  return elementLoss('l1', input, target, given.reduction as Reduction, {
    value: 'Math.abs(x - t)',
    slope: 'Math.sign(x - t)',
    targetSlope: 'Math.sign(t - x)',
  })
}

/**
 * The squared error near 0 and the absolute beyond β: ½·a²/β for a = |x − t| < β, else a − ½·β.
 * Source    Girshick 2015, arXiv:1504.08083; torch.nn.functional.smooth_l1_loss.
 * Defaults  β = 1, mean.   Tests  test/nn/losses/regression.test.ts
 * @throws RangeError unless the shapes are equal and β ≥ 0
 * @example  smoothL1(w, tensor([[1, 1], [1, 1]]), { beta: 0.5 }).backward()
 */
export function smoothL1(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { beta?: number } = {},
): Tensor {
  const given = checkedOptions('smoothL1', { reduction, beta: nonNegative(1) }, options)
  return elementLoss('smoothL1', input, target, given.reduction as Reduction, {
    before: 'const a = Math.abs(x - t)',
    value: 'a < beta ? 0.5 * a * a / beta : a - 0.5 * beta',
    slope: 'a < beta ? (x - t) / beta : Math.sign(x - t)',
    targetSlope: 'a < beta ? (t - x) / beta : Math.sign(t - x)',
    hypers: { beta: given.beta },
  })
}

/**
 * Huber's loss: ½·a² for a = |x − t| ≤ δ, else δ·(a − ½·δ). It is δ times `smoothL1` with β = δ.
 * Source    Huber 1964; torch.nn.functional.huber_loss.
 * Defaults  δ = 1, mean.   Tests  test/nn/losses/regression.test.ts
 * @throws RangeError unless the shapes are equal and δ > 0
 * @example  huber(w, tensor([[1, 1], [1, 1]]), { delta: 0.5 }).backward()
 */
export function huber(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { delta?: number } = {},
): Tensor {
  const given = checkedOptions('huber', { reduction, delta: positive(1) }, options)
  return elementLoss('huber', input, target, given.reduction as Reduction, {
    before: 'const a = Math.abs(x - t)',
    value: 'a <= delta ? 0.5 * a * a : delta * (a - 0.5 * delta)',
    slope: 'a <= delta ? x - t : delta * Math.sign(x - t)',
    targetSlope: 'a <= delta ? t - x : delta * Math.sign(t - x)',
    hypers: { delta: given.delta },
  })
}
