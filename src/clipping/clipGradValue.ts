import { checkOption, nonNegative } from '../backend/options.js'
import { program } from '../backend/rule.js'
import { Tensor } from '../nn/tensor.js'

/**
 * Limits each element of each gradient to [−limit, limit]. NaN stays NaN. The direction may change.
 * Source    torch.nn.utils.clip_grad_value_; Optax's clip is the same.
 * @throws RangeError if the limit is negative
 */
export function clipGradValue(params: readonly Tensor[], limit: number): void {
  checkOption('clipGradValue', 'the limit', nonNegative(), limit)
  const clamp = program('(g, { limit }) => [g > limit ? limit : g < -limit ? -limit : g]')
  for (const param of params) {
    if (!param.grad) continue
    const [grad] = param.backend.map(clamp, [param.grad.array], { hypers: { limit } })
    param.grad = new Tensor(param.backend, grad!, param.shape)
  }
}
