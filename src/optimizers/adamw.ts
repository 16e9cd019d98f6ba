import { flag, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * AdamW: Adam whose weight decay acts on the weights, not on the gradient.
 *   m ← β₁·m + (1−β₁)·g        v ← β₂·v + (1−β₂)·g²        m̂ = m/(1−β₁ᵗ)        v̂ = v/(1−β₂ᵗ)
 *   p ← p − α·( m̂ / (√v̂ + ε) + λ·p )
 * Source    Loshchilov & Hutter 2019, arXiv:1711.05101, Alg. 2; amsgrad: Reddi et al. 2018.
 * Differs   λ is multiplied by α, as in PyTorch; the paper multiplies it by the schedule alone.
 * Defaults  PyTorch's (λ = 1e-2; Optax has 1e-4).   Memory  2 floats a parameter, 3 with amsgrad.
 * Tests     test/optimizers/adamw.test.ts
 * @throws RangeError for an option out of its range: "adamw: beta2 must be in [0, 1), got 1"
 * @example  adamw(params, { lr: warmupCosine({ peak: 3e-4, warmup: 100, total: 1000 }), weightDecay: 0.1 })
 */
export const adamw = defineOptimizer({
  name: 'adamw',
  options: {
    lr: rate(1e-3),
    beta1: fraction(0.9),
    beta2: fraction(0.999),
    eps: positive(1e-8),
    weightDecay: nonNegative(0.01),
    amsgrad: flag(false),
  },
  state: ['m', 'v', 'vMax'],
  rule(p, g, m, v, vMax, { lr, beta1, beta2, eps, weightDecay, amsgrad, t }) {
    const m1 = beta1 * m + (1 - beta1) * g
    const v1 = beta2 * v + (1 - beta2) * g * g
    const mHat = m1 / (1 - beta1 ** t)
    const vHat = (amsgrad ? Math.max(vMax, v1) : v1) / (1 - beta2 ** t)
    const decay = weightDecay * p
    return [
      p - lr * (mHat / (Math.sqrt(vHat) + eps) + decay),
      m1,
      v1,
      amsgrad ? Math.max(vMax, v1) : vMax,
    ]
  },
})
