import { fraction, positive, rate } from '../backend/options.js'
import { adam } from '../optimizers/adam.js'
import { defineOptimizer } from '../optimizers/define.js'
import { type TraceRow, trace } from '../optimizers/trace.js'

/** Adam as it would be if nobody corrected its averages for their start at 0. */
const uncorrectedAdam = defineOptimizer({
  name: 'uncorrectedAdam',
  options: {
    lr: rate(1e-3),
    beta1: fraction(0.9),
    beta2: fraction(0.999),
    eps: positive(1e-8),
  },
  state: ['m', 'v'],
  rule(p, g, m, v, { lr, beta1, beta2, eps }) {
    const m1 = beta1 * m + (1 - beta1) * g
    const v1 = beta2 * v + (1 - beta2) * g * g
    return [p - (lr * m1) / (Math.sqrt(v1) + eps), m1, v1]
  },
})

/** Both walks, step by step. */
export interface BiasCorrection {
  corrected: TraceRow[]
  uncorrected: TraceRow[]
}

/**
 * Worked example W7: Adam on x² with and without bias correction. Without it m₁ = 0.1·g₁ and √v₁ = 0.0316·|g₁|: the first step is 3.16·α long.
 * @example const { uncorrected } = await biasCorrection(); uncorrected[0].m // 0.4, a tenth of the gradient
 */
export async function biasCorrection({
  start = 2,
  lr = 0.01,
  steps = 20,
}: {
  start?: number
  lr?: number
  steps?: number
} = {}): Promise<BiasCorrection> {
  const walk = { start, gradient: (x: number) => 2 * x, steps, options: { lr } }
  return { corrected: await trace(adam, walk), uncorrected: await trace(uncorrectedAdam, walk) }
}
