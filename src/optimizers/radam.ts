import { flag, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * RAdam: Adam that does without its divisor while that rests on too few gradients, and then eases it in: a warmup of its own.
 *   g ← g + λ·p        m ← β₁·m + (1−β₁)·g        v ← β₂·v + (1−β₂)·g²        m̂ = m/(1−β₁ᵗ)
 *   ρ∞ = 2/(1−β₂) − 1        ρₜ = ρ∞ − 2·t·β₂ᵗ/(1−β₂ᵗ)        r = √( (ρₜ−4)·(ρₜ−2)·ρ∞ / ((ρ∞−4)·(ρ∞−2)·ρₜ) )
 *   p ← p − α·r·m̂·√(1−β₂ᵗ)/(√v + ε)   where ρₜ > 5,  else p ← p − α·m̂
 *   (decoupled: λ·p is not in g, but α·λ·p is taken off beside the step)
 * Source    Liu et al. 2020, "On the Variance of the Adaptive Learning Rate and Beyond", arXiv:1908.03265, Alg. 2.
 * Differs   The bound is 5, as in PyTorch and Optax; the paper has 4, and no ε. ε stands beside √v, as in PyTorch;
 *           `epsAfterCorrection` puts it beside √(v/(1−β₂ᵗ)), as in Optax. λ·p is added to the gradient, unless decoupled.
 * Defaults  PyTorch's.   Memory  2 floats a parameter.   Tests  test/optimizers/radam.test.ts
 * @throws RangeError for an option out of its range
 * @example  radam(params, { lr: 1e-3, weightDecay: 0.01, decoupled: true })
 */
export const radam = defineOptimizer({
  name: 'radam',
  options: {
    lr: rate(1e-3),
    beta1: fraction(0.9),
    beta2: fraction(0.999),
    eps: positive(1e-8),
    weightDecay: nonNegative(0),
    decoupled: flag(false),
    epsAfterCorrection: flag(false),
  },
  state: ['m', 'v'],
  rule(p, g, m, v, { lr, beta1, beta2, eps, weightDecay, decoupled, epsAfterCorrection, t }) {
    const d = decoupled ? g : g + weightDecay * p
    const m1 = beta1 * m + (1 - beta1) * d
    const v1 = beta2 * v + (1 - beta2) * d * d
    const mHat = m1 / (1 - beta1 ** t)
    const correction = Math.sqrt(1 - beta2 ** t)
    const rhoInf = 2 / (1 - beta2) - 1
    const rho = rhoInf - (2 * t * beta2 ** t) / (1 - beta2 ** t)
    // One test around the whole root: what it is not meant for (roots of negative numbers, 0/0) never leaves the host.
    const r =
      rho > 5
        ? Math.sqrt(((rho - 4) * (rho - 2) * rhoInf) / ((rhoInf - 4) * (rhoInf - 2) * rho))
        : 0
    const root = epsAfterCorrection
      ? Math.sqrt(v1) / correction + eps
      : (Math.sqrt(v1) + eps) / correction
    const step = rho > 5 ? (r * mHat) / root : mHat
    const decay = decoupled ? weightDecay * p : 0
    return [p - lr * (step + decay), m1, v1]
  },
})
