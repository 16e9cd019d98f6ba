import { flag, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * RMSprop: the gradient divided by the root of its mean square, element by element.
 *   g ← g + λ·p        v ← ρ·v + (1−ρ)·g²        u = g/(√v + ε)        p ← p − α·u
 *   centered: m ← ρ·m + (1−ρ)·g, and v − m² in place of v        momentum: b ← μ·b + u, p ← p − α·b
 * Source    Tieleman & Hinton 2012, Coursera "Neural Networks for Machine Learning", lecture 6.5; centered: Graves 2013, arXiv:1308.0850.
 * Differs   By default as in PyTorch (which calls ρ alpha). `epsInside`: √(v + ε); `initial`: v starts there; `lrInMomentum`:
 *           b ← μ·b + α·u, p ← p − b; `nesterov`: u + μ·b in place of b. TensorFlow's rule, and timm's RMSpropTF, is
 *           { rho: 0.9, initial: 1, epsInside: true, lrInMomentum: true }, Optax's the same with its initial_scale.
 *           v − m² is never below 0 here; rounding makes PyTorch's so, and NaN of it, where gradients stay the same.
 * Defaults  PyTorch's.   Memory  1 float a parameter, one more each for centered and momentum.
 * Tests     test/optimizers/rmsprop.test.ts
 * @throws RangeError for an option out of its range, and for nesterov or lrInMomentum without momentum
 * @example  rmsprop(params, { lr: 1e-3, rho: 0.9, momentum: 0.9, centered: true })
 */
export const rmsprop = defineOptimizer({
  name: 'rmsprop',
  options: {
    lr: rate(0.01),
    rho: fraction(0.99),
    eps: positive(1e-8),
    weightDecay: nonNegative(0),
    momentum: nonNegative(0),
    nesterov: flag(false),
    centered: flag(false),
    initial: nonNegative(0),
    epsInside: flag(false),
    lrInMomentum: flag(false),
  },
  state: ['v', 'm', 'b'],
  start: { v: ({ initial }) => initial },
  check({ momentum, nesterov, lrInMomentum }) {
    if (momentum === 0 && (nesterov || lrInMomentum))
      throw new RangeError(
        `rmsprop: ${nesterov ? 'nesterov' : 'lrInMomentum'} needs momentum > 0, got momentum 0`,
      )
  },
  rule(
    p,
    g,
    v,
    m,
    b,
    { lr, rho, eps, weightDecay, momentum, nesterov, centered, epsInside, lrInMomentum },
  ) {
    const d = g + weightDecay * p
    const v1 = rho * v + (1 - rho) * d * d
    const m1 = rho * m + (1 - rho) * d
    const spread = centered ? Math.max(0, v1 - m1 * m1) : v1
    const root = epsInside ? Math.sqrt(spread + eps) : Math.sqrt(spread) + eps
    const u = lrInMomentum ? (lr * d) / root : d / root
    const b1 = momentum * b + u
    const step = momentum === 0 ? u : nesterov ? u + momentum * b1 : b1
    return [p - (lrInMomentum ? step : lr * step), v1, centered ? m1 : m, momentum === 0 ? b : b1]
  },
})
