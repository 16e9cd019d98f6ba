import { flag, fraction, nonNegative, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * Lion: steps of one size, in the direction of the sign of an interpolated momentum.
 *   u ← sign(β₁·m + (1−β₁)·g)        p ← (1−α·λ)·p − α·u        m ← β₂·m + (1−β₂)·g        sign(0) = 0
 * Source    Chen et al. 2023, arXiv:2302.06675, Alg. 2.
 * Differs   decoupled: false adds λ·p to g instead. cautious (Liang et al. 2024, arXiv:2411.16085, as timm): elements whose u points
 *           against −g stand still, and the others go on faster, by the share that moves (at least 10⁻³). Optax's default λ is 1e-3.
 * Defaults  the paper's, λ = 0. α is about a tenth of Adam's, λ ten times its.   Memory  1 float a parameter.   Tests  test/optimizers/lion.test.ts
 * @throws RangeError for an option out of its range
 * @example  lion(params, { lr: 1e-4, weightDecay: 0.1 })
 */
export const lion = defineOptimizer({
  name: 'lion',
  options: {
    lr: rate(1e-4),
    beta1: fraction(0.9),
    beta2: fraction(0.99),
    weightDecay: nonNegative(0),
    decoupled: flag(true),
    cautious: flag(false),
  },
  state: ['m'],
  rule(p, g, m, { lr, beta1, beta2, weightDecay, decoupled, cautious, mean }) {
    const d = decoupled ? g : g + weightDecay * p
    const u = Math.sign(beta1 * m + (1 - beta1) * d)
    const moves = u * d > 0 ? 1 : 0
    const step = cautious ? (u * moves) / Math.max(mean(moves), 1e-3) : u
    const kept = decoupled ? p * (1 - lr * weightDecay) : p
    return [kept - lr * step, beta2 * m + (1 - beta2) * d]
  },
})
