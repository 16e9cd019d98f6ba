import { flag, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * NovoGrad: gradients scaled by a running average of their norm, one number a tensor, then momentum.
 *   v ← ‖g‖² the first time (while v is 0), else β₂·v + (1−β₂)·‖g‖²
 *   m ← β₁·m + g/(√v + ε) + λ·p        p ← p − α·m        (gradAveraging: (1−β₁) times what is added to m)
 * Source    Ginsburg et al. 2019, arXiv:1905.11286, Alg. 1, as NVIDIA's, which timm and torch-optimizer follow.
 * Differs   The libraries differ in their defaults: β₂ = 0.98 (timm), 0.25 (Optax), 0 (torch-optimizer). There is no bias correction.
 * Defaults  timm's, lr 1e-3.   Memory  1 float a parameter, 1 a tensor.   Tests  test/optimizers/novograd.test.ts
 * @throws RangeError for an option out of its range
 * @example  novograd(params, { lr: 0.01, weightDecay: 1e-3 })
 */
export const novograd = defineOptimizer({
  name: 'novograd',
  options: {
    lr: rate(1e-3),
    beta1: fraction(0.95),
    beta2: fraction(0.98),
    eps: positive(1e-8),
    weightDecay: nonNegative(0),
    gradAveraging: flag(false),
  },
  state: ['m', 'v'],
  tensorState: ['v'],
  rule(p, g, m, v, { lr, beta1, beta2, eps, weightDecay, gradAveraging, sum }) {
    const squares = sum(g * g)
    const v1 = v === 0 ? squares : beta2 * v + (1 - beta2) * squares
    const d = g / (Math.sqrt(v1) + eps) + weightDecay * p
    const m1 = beta1 * m + (gradAveraging ? (1 - beta1) * d : d)
    return [p - lr * m1, m1, v1]
  },
})
