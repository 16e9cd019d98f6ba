import { checkOption, nonNegative } from '../backend/options.js'
import { program } from '../backend/rule.js'
import { checkParameters } from '../nn/parameters.js'
import { Tensor } from '../nn/tensor.js'

/**
 * Limits each element of each gradient to [−limit, limit]. NaN stays NaN. The direction may change.
 * Source    torch.nn.utils.clip_grad_value_; Optax's clip is the same.
 * Tests     test/clipping/clipGradValue.test.ts
 * @throws RangeError if the limit is negative
 * @example  clipGradValue(model.parameters(), 0.5)
 */
export function clipGradValue(params: readonly Tensor[], limit: number): void {
  checkOption('clipGradValue', 'the limit', nonNegative(), limit)
  const clamp = program('(g, { limit }) => [g > limit ? limit : g < -limit ? -limit : g]')
  for (const param of checkParameters('clipGradValue', params)) {
    if (!param.grad) continue
    const [grad] = param.backend.map(clamp, [param.grad.array], { hypers: { limit } })
    param.grad = new Tensor(param.backend, grad!, param.shape)
  }
}
