import { flag, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * Yogi: Adam whose v moves by a fixed share of g², so that it cannot forget large gradients at once.
 *   m ← β₁·m + (1−β₁)·g        v ← v − (1−β₂)·sign(v − g²)·g²        p ← p − α·m̂/(√v̂ + ε)
 * Source    Zaheer et al. 2018, "Adaptive Methods for Nonconvex Optimization", Alg. 2; bias correction as in Optax and torch-optimizer.
 * Differs   m and v start at `initialAccumulator`, in all three libraries. λ·p is added to g; decoupled: p ← (1−α·λ)·p first.
 * Defaults  the libraries' (ε = 1e-3), lr 0.01.   Memory  2 floats a parameter.   Tests  test/optimizers/yogi.test.ts
 * @throws RangeError for an option out of its range
 * @example  yogi(params, { lr: 0.01 })
 */
export const yogi = defineOptimizer({
  name: 'yogi',
  options: {
    lr: rate(0.01),
    beta1: fraction(0.9),
    beta2: fraction(0.999),
    eps: positive(1e-3),
    initialAccumulator: nonNegative(1e-6),
    weightDecay: nonNegative(0),
    decoupled: flag(false),
  },
  state: ['m', 'v'],
  start: {
    m: ({ initialAccumulator }) => initialAccumulator,
    v: ({ initialAccumulator }) => initialAccumulator,
  },
  rule(p, g, m, v, { lr, beta1, beta2, eps, weightDecay, decoupled, t }) {
    const d = decoupled ? g : g + weightDecay * p
    const m1 = beta1 * m + (1 - beta1) * d
    const v1 = v - (1 - beta2) * Math.sign(v - d * d) * d * d
    const mHat = m1 / (1 - beta1 ** t)
    const vHat = v1 / (1 - beta2 ** t)
    const kept = decoupled ? p * (1 - lr * weightDecay) : p
    return [kept - (lr * mHat) / (Math.sqrt(vHat) + eps), m1, v1]
  },
})
