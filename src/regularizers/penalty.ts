import { checkOption, nonNegative } from '../backend/options.js'
import { checkParameters } from '../nn/parameters.js'
import type { Tensor } from '../nn/tensor.js'

/** strength · Σ measure(w) over all parameters, as a scalar whose `backward()` adds its gradient to theirs. */
export function penalty(
  owner: string,
  params: readonly Tensor[],
  strength: number,
  measure: (w: Tensor) => Tensor,
): Tensor {
  checkOption(owner, 'the strength', nonNegative(), strength)
  return checkParameters(owner, params)
    .map(measure)
    .reduce((a, b) => a.add(b))
    .mul(strength)
}
