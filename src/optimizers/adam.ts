import { flag, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * Adam: steps scaled by running averages of the gradient and of its square, both corrected for their start at 0.
 *   g ← g + λ·p        m ← β₁·m + (1−β₁)·g        v ← β₂·v + (1−β₂)·g²        m̂ = m/(1−β₁ᵗ)        v̂ = v/(1−β₂ᵗ)
 *   p ← p − α·m̂ / (√v̂ + ε)
 * Source    Kingma & Ba 2015, arXiv:1412.6980, Alg. 1; amsgrad: Reddi et al. 2018, v̂ from the largest v so far.
 * Differs   λ is added to the gradient (L2), as in PyTorch; decay of the weights themselves is adamw.
 * Defaults  PyTorch's.   Memory  2 floats a parameter, 3 with amsgrad.   Tests  test/optimizers/adam.test.ts
 * @throws RangeError for an option out of its range
 * @example  adam(params, { lr: 3e-4, beta2: 0.98 })
 */
export const adam = defineOptimizer({
  name: 'adam',
  options: {
    lr: rate(1e-3),
    beta1: fraction(0.9),
    beta2: fraction(0.999),
    eps: positive(1e-8),
    weightDecay: nonNegative(0),
    amsgrad: flag(false),
  },
  state: ['m', 'v', 'vMax'],
  rule(p, g, m, v, vMax, { lr, beta1, beta2, eps, weightDecay, amsgrad, t }) {
    const m1 = beta1 * m + (1 - beta1) * (g + weightDecay * p)
    const v1 = beta2 * v + (1 - beta2) * (g + weightDecay * p) ** 2
    const mHat = m1 / (1 - beta1 ** t)
    const vHat = (amsgrad ? Math.max(vMax, v1) : v1) / (1 - beta2 ** t)
    return [p - (lr * mHat) / (Math.sqrt(vHat) + eps), m1, v1, amsgrad ? Math.max(vMax, v1) : vMax]
  },
})
