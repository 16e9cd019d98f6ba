import { checkOption, positive } from '../backend/options.js'
import { program } from '../backend/rule.js'
import { normOf } from '../nn/norm.js'
import { checkParameters } from '../nn/parameters.js'
import type { Tensor } from '../nn/tensor.js'

/**
 * Scales each gradient by itself, so that its root mean square is at most `limit`: g ← g / max(1, rms(g) / limit).
 * Source    Optax's clip_by_block_rms, after Shazeer & Stern 2018, arXiv:1804.04235 (there of Adafactor's update).
 * Differs   The square cannot overflow on the way.   Tests  test/clipping/clipGradRms.test.ts
 * @throws RangeError unless the limit is > 0
 * @example  clipGradRms(model.parameters(), 1)
 */
export function clipGradRms(params: readonly Tensor[], limit: number): void {
  checkOption('clipGradRms', 'the limit', positive(), limit)
  const clip = program('(g, norm, { limit, root }) => [g / Math.max(1, norm / root / limit)]')
  for (const param of checkParameters('clipGradRms', params)) {
    const { backend, gradient } = param
    if (!gradient) continue
    const norm = normOf(backend, [gradient.array], 2)
    const hypers = { limit, root: Math.sqrt(param.size) }
    const [grad] = backend.map(clip, [gradient.array, norm], { hypers })
    param.receive(grad!)
  }
}
