import { checkOption, share } from '../backend/options.js'
import type { Tensor } from '../nn/tensor.js'
import { penalty } from './penalty.js'

/** Options of `elasticNetPenalty`. */
export interface ElasticNetPenalty {
  /** The share ρ of L1: 1 is the lasso, 0 is ridge. */
  l1Ratio?: number
}

/**
 * Elastic net: λ·(ρ·Σ|w| + ½·(1−ρ)·Σw²).
 * Source    Zou & Hastie 2005, in scikit-learn's form (alpha λ, l1_ratio ρ).   Defaults  ρ = 0.5, scikit-learn's.
 * Tests     test/regularizers/elasticNetPenalty.test.ts
 * @throws RangeError for a strength or a ratio out of its range, or if there is no parameter
 * @example  loss.add(elasticNetPenalty(model.parameters(), 1e-4, { l1Ratio: 0.3 })).backward()
 */
export function elasticNetPenalty(
  params: readonly Tensor[],
  strength: number,
  { l1Ratio = 0.5 }: ElasticNetPenalty = {},
): Tensor {
  checkOption('elasticNetPenalty', 'l1Ratio', share(), l1Ratio)
  return penalty('elasticNetPenalty', params, strength, (w) => {
    const ridge = w
      .square()
      .sum()
      .mul((1 - l1Ratio) / 2)
    return w.abs().sum().mul(l1Ratio).add(ridge)
  })
}
