import { checkOption, nonNegative } from '../backend/options.js'
import { program } from '../backend/rule.js'
import { checkParameters } from '../nn/parameters.js'
import type { Tensor } from '../nn/tensor.js'

/**
 * Limits each element of each gradient to [−limit, limit]. NaN stays NaN. The direction may change.
 * Source    torch.nn.utils.clip_grad_value_; Optax's clip is the same.
 * Tests     test/clipping/clipGradValue.test.ts
 * @throws RangeError if the limit is negative
 * @example  clipGradValue(model.parameters(), 0.5)
 */
export function clipGradValue(params: readonly Tensor[], limit: number): void {
  checkOption('clipGradValue', 'the limit', nonNegative(), limit)
  const clamp = program('(g, { limit }) => [Math.min(Math.max(g, -limit), limit)]')
  for (const param of checkParameters('clipGradValue', params)) {
    const { backend, gradient } = param
    if (!gradient) continue
    const [grad] = backend.map(clamp, [gradient.array], { hypers: { limit } })
    param.receive(grad!)
  }
}
