import { flag, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * NAdam: Adam with Nesterov's look ahead: a step uses the momentum that the next step would have.
 *   g ← g + λ·p        m ← β₁·m + (1−β₁)·g        v ← β₂·v + (1−β₂)·g²        v̂ = v/(1−β₂ᵗ)
 *   μₜ = β₁·(1 − ½·0.96^(ψ·t))        Πₜ = μ₁·μ₂·…·μₜ        m̂ = μₜ₊₁·m/(1−Πₜ₊₁) + (1−μₜ)·g/(1−Πₜ)
 *   p ← p − α·m̂/(√v̂ + ε)        (decoupled: λ·p is not in g, and p ← p − α·(m̂/(√v̂ + ε) + λ·p))
 * Source    Dozat 2016, "Incorporating Nesterov Momentum into Adam", Alg. 8; μₜ as PyTorch has it.
 * Differs   μ rises to β₁ by ψ (momentumDecay), as in PyTorch; Optax takes μₜ = β₁ throughout: `constantMomentum`.
 *           λ·p is added to the gradient; `decoupled` is PyTorch's decoupled_weight_decay and Optax's nadamw.
 * Defaults  PyTorch's (lr 2e-3, ψ = 4e-3, λ = 0).   Memory  2 floats a parameter.   Tests  test/optimizers/nadam.test.ts
 * @throws RangeError for an option out of its range, and for a momentumDecay beside constantMomentum
 * @example  nadam(params, { lr: 2e-3, weightDecay: 0.01, decoupled: true })
 */
export const nadam = defineOptimizer({
  name: 'nadam',
  options: {
    lr: rate(2e-3),
    beta1: fraction(0.9),
    beta2: fraction(0.999),
    eps: positive(1e-8),
    weightDecay: nonNegative(0),
    decoupled: flag(false),
    momentumDecay: nonNegative(4e-3),
    constantMomentum: flag(false),
  },
  state: ['m', 'v'],
  check({ momentumDecay, constantMomentum }) {
    if (constantMomentum && momentumDecay !== 4e-3)
      throw new RangeError(
        `nadam: a constant momentum does not decay; leave out constantMomentum or momentumDecay, got ${momentumDecay}`,
      )
  },
  scalars: () => ({ muProduct: 1 }),
  advance: ({ muProduct }, { beta1, momentumDecay, constantMomentum, t }) => ({
    muProduct:
      muProduct * (constantMomentum ? beta1 : beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay))),
  }),
  rule(
    p,
    g,
    m,
    v,
    {
      lr,
      beta1,
      beta2,
      eps,
      weightDecay,
      decoupled,
      momentumDecay,
      constantMomentum,
      muProduct,
      t,
    },
  ) {
    const d = decoupled ? g : g + weightDecay * p
    const m1 = beta1 * m + (1 - beta1) * d
    const v1 = beta2 * v + (1 - beta2) * d * d
    const mu = constantMomentum ? beta1 : beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay))
    const muNext = constantMomentum ? beta1 : beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentumDecay))
    const mHat = (muNext / (1 - muProduct * muNext)) * m1 + ((1 - mu) / (1 - muProduct)) * d
    const vHat = v1 / (1 - beta2 ** t)
    const decay = decoupled ? weightDecay * p : 0
    return [p - lr * (mHat / (Math.sqrt(vHat) + eps) + decay), m1, v1]
  },
})
