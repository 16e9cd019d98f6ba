import { checkOption, share } from '../backend/options.js'
import type { Tensor } from '../nn/tensor.js'
import { project } from './project.js'

/**
 * Decoupled weight decay, by hand: w ← w·(1 − amount). With amount = lr·λ before `adam(…).step()` it is `adamw`, before plain
 * `sgd(…).step()` it is L2. Frozen weights stay.
 * Source    Loshchilov & Hutter 2019, arXiv:1711.05101.
 * Differs   They leave lr out of it, PyTorch multiplies λ by lr: the amount is yours.   Tests  test/regularizers/decayWeights.test.ts
 * @throws RangeError unless the amount is in [0, 1], or if there is no parameter
 * @example  decayWeights(weights, lr * 0.01); optimizer.step()
 */
export function decayWeights(params: readonly Tensor[], amount: number): void {
  checkOption('decayWeights', 'the amount', share(), amount)
  project('decayWeights', params, '(w, { amount }) => [w * (1 - amount)]', { amount })
}
