import { checkOption, nonNegative } from '../backend/options.js'
import type { Tensor } from '../nn/tensor.js'
import { project } from './project.js'

/**
 * Makes each weight with |w| ≤ `amount` 0 and leaves the others: pruning by size. Frozen weights stay.
 * Source    torch.nn.functional.hardshrink.   Tests  test/regularizers/hardThreshold.test.ts
 * @throws RangeError if the amount is negative, or there is no parameter
 * @example  hardThreshold(model.parameters(), 1e-3)
 */
export function hardThreshold(params: readonly Tensor[], amount: number): void {
  checkOption('hardThreshold', 'the amount', nonNegative(), amount)
  project('hardThreshold', params, '(w, { amount }) => [Math.abs(w) <= amount ? 0 : w]', { amount })
}
