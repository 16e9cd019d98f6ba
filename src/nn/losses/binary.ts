import { checkedOptions, choice, nonNegative } from '../../backend/options.js'
import { log1p } from '../layers/activations.js'
import type { Tensor } from '../tensor.js'
import { elementLoss } from './elementLoss.js'
import type { Reduction } from './options.js'
import type { LossOptions } from './regression.js'

const reduction = choice<Reduction>('mean', 'sum', 'none')

/** Options of `bceWithLogits`. */
export interface BceWithLogits extends LossOptions {
  /** What a positive weighs, one number for each place of the last dimension: above 1 it finds more of them, with more false alarms. */
  posWeight?: readonly number[]
}

/**
 * The loss of yes or no, from logits: −(w·t·ln σ(x) + (1 − t)·ln(1 − σ(x))), without overflow; t in [0, 1].
 * Source    torch.nn.functional.binary_cross_entropy_with_logits.
 * Differs   The target gets no gradient.
 * Defaults  mean, w = 1.   Tests  test/nn/losses/binary.test.ts
 * @throws RangeError unless the shapes are equal, and posWeight has one number ≥ 0 for each place of the last dimension
 * @example  bceWithLogits(logits, tensor([[1, 0], [0, 1]]), { posWeight: [2, 1] }).backward()
 */
export function bceWithLogits(input: Tensor, target: Tensor, options: BceWithLogits = {}): Tensor {
  const { posWeight, ...others } = options
  const given = checkedOptions('bceWithLogits', { reduction }, others)
  const places = input.shape.at(-1) ?? 1
  if (posWeight && (posWeight.length !== places || !posWeight.every((w) => w >= 0)))
    throw new RangeError(
      `bceWithLogits: posWeight must be ${places} numbers ≥ 0, one for each place of the last dimension, got [${posWeight}]`,
    )
  // softplus(−x) = ln(1 + e^(−|x|)) + max(−x, 0).
  const weigh = posWeight ? '1 + (w - 1) * t' : '1'
  return elementLoss('bceWithLogits', input, target, given.reduction as Reduction, {
    before: `const e = Math.exp(-Math.abs(x))\n${log1p}\nconst weigh = ${weigh}`,
    value: '(1 - t) * x + weigh * (log1p + Math.max(-x, 0))',
    slope: '1 - t - weigh / (1 + Math.exp(x))',
    ...(posWeight && { weights: posWeight }),
  })
}

/**
 * ln(1 + e^(−t·x)), the logistic loss with targets −1 and 1.
 * Source    torch.nn.functional.soft_margin_loss.   Defaults  mean.   Tests  test/nn/losses/binary.test.ts
 * @throws RangeError unless the shapes are equal
 * @example  softMargin(logits, tensor([[1, -1], [-1, 1]])).backward()
 */
export function softMargin(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const given = checkedOptions('softMargin', { reduction }, options)
  return elementLoss('softMargin', input, target, given.reduction as Reduction, {
    before: `const z = -t * x\nconst e = Math.exp(-Math.abs(z))\n${log1p}`,
    value: 'Math.max(z, 0) + log1p',
    slope: '-t / (1 + Math.exp(-z))',
  })
}

/**
 * For distances: x where the target is 1, max(0, margin − x) where it is −1. Like things shall be near, others at least a margin apart.
 * Source    torch.nn.functional.hinge_embedding_loss.   Defaults  margin 1, mean.   Tests  test/nn/losses/binary.test.ts
 * @throws RangeError unless the shapes are equal and margin ≥ 0
 * @example  hingeEmbedding(logits, tensor([[1, -1], [-1, 1]]), { margin: 2 }).backward()
 */
export function hingeEmbedding(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { margin?: number } = {},
): Tensor {
  const given = checkedOptions('hingeEmbedding', { reduction, margin: nonNegative(1) }, options)
  return elementLoss('hingeEmbedding', input, target, given.reduction as Reduction, {
    value: 't === 1 ? x : Math.max(0, margin - x)',
    slope: 't === 1 ? 1 : (x < margin ? -1 : 0)',
    hypers: { margin: given.margin },
  })
}
