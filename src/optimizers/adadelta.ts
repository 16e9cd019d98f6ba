import { fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * Adadelta: steps as large as the steps before, for the gradient's size against its own: no rate to tune, units agree.
 *   g ← g + λ·p        v ← ρ·v + (1−ρ)·g²        Δ = √(a + ε)/√(v + ε)·g        a ← ρ·a + (1−ρ)·Δ²        p ← p − α·Δ
 * Source    Zeiler 2012, arXiv:1212.5701, Alg. 1, where α = 1.
 * Differs   PyTorch and Optax agree. Keras' α is 1e-3 by default, with which it hardly moves.
 * Defaults  PyTorch's.   Memory  2 floats a parameter.   Tests  test/optimizers/adadelta.test.ts
 * @throws RangeError for an option out of its range
 * @example  adadelta(params, { rho: 0.95 })
 */
export const adadelta = defineOptimizer({
  name: 'adadelta',
  options: {
    lr: rate(1),
    rho: fraction(0.9),
    eps: positive(1e-6),
    weightDecay: nonNegative(0),
  },
  state: ['v', 'a'],
  rule(p, g, v, a, { lr, rho, eps, weightDecay }) {
    const d = g + weightDecay * p
    const v1 = rho * v + (1 - rho) * d * d
    const delta = (Math.sqrt(a + eps) / Math.sqrt(v1 + eps)) * d
    return [p - lr * delta, v1, rho * a + (1 - rho) * delta * delta]
  },
})
