import { checkOption, nonNegative } from '../backend/options.js'
import type { Tensor } from '../nn/tensor.js'
import { type UnitOptions, UnitView, unitChoice } from '../nn/units.js'
import { project } from './project.js'

/** Options of `maxNorm`. */
export interface MaxNorm extends UnitOptions {
  /** Added to the norm before dividing: 1e-7 as in PyTorch. */
  eps?: number
}

/**
 * Limits the norm of each unit's weights: ‖wᵢ‖ > c: wᵢ ← wᵢ·c / (‖wᵢ‖ + ε). To be called after each step. Frozen weights stay.
 * Source    Srivastava et al. 2014, §5.1 (max-norm regularization); torch.renorm(w, 2, 0, c).
 * Differs   A vector is one unit. Keras' max_norm takes columns of its in × out weights: `units: 'columns'`.
 * Tests     test/regularizers/maxNorm.test.ts
 * @throws RangeError if the limit is negative, or there is no parameter
 * @example  optimizer.step(); maxNorm([layer.weight], 3)
 */
export function maxNorm(
  params: readonly Tensor[],
  limit: number,
  { eps = 1e-7, units = 'rows' }: MaxNorm = {},
): void {
  checkOption('maxNorm', 'the limit', nonNegative(), limit)
  checkOption('maxNorm', 'eps', nonNegative(), eps)
  checkOption('maxNorm', 'units', unitChoice, units)
  const rule = '(w, norm, { limit, eps }) => [norm > limit ? w * (limit / (norm + eps)) : w]'
  project('maxNorm', params, rule, { limit, eps }, (param) => {
    const view = new UnitView(param, units)
    return [view.spread(view.norms(param.array))]
  })
}
