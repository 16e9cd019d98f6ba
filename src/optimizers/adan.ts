import { choice, flag, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * Adan: Adam with Nesterov's look ahead made of differences of gradients.
 *   δ ← g − (g before), 0 at first        m ← β₁·m + (1−β₁)·g        v ← β₂·v + (1−β₂)·δ        n ← β₃·n + (1−β₃)·(g + β₂·δ)²
 *   p ← (p − α·(m̂ + β₂·v̂)/(√n̂ + ε)) / (1 + α·λ)        (noProx: p ← (1−α·λ)·p − α·…)
 * Source    Xie et al. 2022, arXiv:2208.06677, Alg. 1, as the authors' code and timm; m̂ = m/(1−β₁ᵏ), k the calls of `step`, as there.
 * Differs   The βs weigh the old value, as in the code; the paper's weigh the new one. convention: 'optax' has 1−β₂ in place of the β₂ before δ
 *           and v̂, and decays as noProx does.
 * Defaults  the authors', lr 1e-3.   Memory  4 floats a parameter.   Tests  test/optimizers/adan.test.ts
 * @throws RangeError for an option out of its range
 * @example  adan(params, { lr: 1e-3, weightDecay: 0.02 })
 */
export const adan = defineOptimizer({
  name: 'adan',
  options: {
    lr: rate(1e-3),
    beta1: fraction(0.98),
    beta2: fraction(0.92),
    beta3: fraction(0.99),
    eps: positive(1e-8),
    epsRoot: nonNegative(0),
    weightDecay: nonNegative(0),
    noProx: flag(false),
    convention: choice('authors', 'optax'),
  },
  state: ['m', 'v', 'n', 'before'],
  rule(
    p,
    g,
    m,
    v,
    n,
    before,
    { lr, beta1, beta2, beta3, eps, epsRoot, weightDecay, noProx, convention, t, calls },
  ) {
    const ahead = convention === 'optax' ? 1 - beta2 : beta2
    const difference = t === 1 ? 0 : g - before
    const m1 = beta1 * m + (1 - beta1) * g
    const v1 = beta2 * v + (1 - beta2) * difference
    const n1 = beta3 * n + (1 - beta3) * (g + ahead * difference) ** 2
    const mHat = m1 / (1 - beta1 ** calls)
    const vHat = v1 / (1 - beta2 ** calls)
    const nHat = n1 / (1 - beta3 ** calls)
    const step = (lr * (mHat + ahead * vHat)) / (Math.sqrt(nHat + epsRoot) + eps)
    const moved =
      noProx || convention === 'optax'
        ? p * (1 - lr * weightDecay) - step
        : (p - step) / (1 + lr * weightDecay)
    return [moved, m1, v1, n1, g]
  },
})
