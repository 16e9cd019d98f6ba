import { flag, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * Adamax: Adam that divides by the largest gradient so far, slowly forgotten, in place of the root of the mean square.
 *   g ← g + λ·p        m ← β₁·m + (1−β₁)·g        u ← max(β₂·u, |g| + ε)        m̂ = m/(1−β₁ᵗ)
 *   p ← p − α·m̂/u        (decoupled: λ·p is not in g, and p ← p − α·(m̂/u + λ·p))
 * Source    Kingma & Ba 2015, arXiv:1412.6980, §7.1, Alg. 2.
 * Differs   ε stands beside |g|, as in PyTorch and Optax; the paper has none. u starts at 0 and needs no correction.
 *           λ·p is added to the gradient, as in PyTorch; `decoupled` is Optax's adamaxw.
 * Defaults  PyTorch's (lr 2e-3, λ = 0).   Memory  2 floats a parameter.   Tests  test/optimizers/adamax.test.ts
 * @throws RangeError for an option out of its range
 * @example  adamax(params, { lr: 2e-3, weightDecay: 0.01, decoupled: true })
 */
export const adamax = defineOptimizer({
  name: 'adamax',
  options: {
    lr: rate(2e-3),
    beta1: fraction(0.9),
    beta2: fraction(0.999),
    eps: positive(1e-8),
    weightDecay: nonNegative(0),
    decoupled: flag(false),
  },
  state: ['m', 'u'],
  rule(p, g, m, u, { lr, beta1, beta2, eps, weightDecay, decoupled, t }) {
    const d = decoupled ? g : g + weightDecay * p
    const m1 = beta1 * m + (1 - beta1) * d
    const u1 = Math.max(beta2 * u, Math.abs(d) + eps)
    const mHat = m1 / (1 - beta1 ** t)
    const decay = decoupled ? weightDecay * p : 0
    return [p - lr * (mHat / u1 + decay), m1, u1]
  },
})
