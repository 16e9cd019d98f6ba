import { flag, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * Adagrad: each element's rate falls with the squares of all its gradients so far: rare features keep large steps.
 *   g ← g + λ·p        s ← s + g²        αₜ = α/(1 + (t−1)·η)        p ← p − αₜ·g/(√s + ε)
 * Source    Duchi, Hazan & Singer 2011, JMLR 12, "Adaptive Subgradient Methods …", Fig. 1 (diagonal).
 * Differs   By default as in PyTorch: s starts at 0 (`initial`), ε beside the root, η is `lrDecay`. `epsInside`: √(s + ε);
 *           Optax's rule is { initial: 0.1, eps: 1e-7, epsInside: true }.
 * Defaults  PyTorch's (η = 0, λ = 0).   Memory  1 float a parameter.   Tests  test/optimizers/adagrad.test.ts
 * @throws RangeError for an option out of its range
 * @example  adagrad(params, { lr: 0.05, initial: 0.1 })
 */
export const adagrad = defineOptimizer({
  name: 'adagrad',
  options: {
    lr: rate(0.01),
    lrDecay: nonNegative(0),
    eps: positive(1e-10),
    weightDecay: nonNegative(0),
    initial: nonNegative(0),
    epsInside: flag(false),
  },
  state: ['s'],
  start: { s: ({ initial }) => initial },
  rule(p, g, s, { lr, lrDecay, eps, weightDecay, epsInside, t }) {
    const d = g + weightDecay * p
    const s1 = s + d * d
    const root = epsInside ? Math.sqrt(s1 + eps) : Math.sqrt(s1) + eps
    return [p - ((lr / (1 + (t - 1) * lrDecay)) * d) / root, s1]
  },
})
