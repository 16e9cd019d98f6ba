import { checkedOptions, choice, flag } from '../../backend/options.js'
import type { Tensor } from '../tensor.js'
import { elementLoss } from './elementLoss.js'

/** Options of `klDiv`. */
export interface KlDiv {
  /** `mean` divides by all elements, as PyTorch's does; `batchMean`, the divergence as it is defined, by the rows. */
  reduction?: 'mean' | 'sum' | 'none' | 'batchMean'
  /** The target is given as logarithms too. */
  logTarget?: boolean
}

const spec = { reduction: choice('mean', 'sum', 'none', 'batchMean'), logTarget: flag(false) }

/**
 * The divergence of Kullback and Leibler, t·(ln t − x), of x = ln q from shares t. Where t is 0 it is 0.
 * Source    torch.nn.functional.kl_div.
 * Differs   The target gets no gradient.
 * Defaults  mean (over all elements).   Tests  test/nn/losses/klDiv.test.ts
 * @throws RangeError unless the shapes are equal
 * @example  klDiv(logits.logSoftmax(), tensor([[0.5, 0.5], [0.9, 0.1]]), { reduction: 'batchMean' }).backward()
 */
export function klDiv(input: Tensor, target: Tensor, options: KlDiv = {}): Tensor {
  const { reduction, logTarget } = checkedOptions('klDiv', spec, options)
  const rules = logTarget
    ? { value: 'Math.exp(t) * (t - x)', slope: '-Math.exp(t)' }
    : { value: 't > 0 ? t * (Math.log(t) - x) : 0', slope: '-t' }
  return elementLoss('klDiv', input, target, reduction, rules)
}
