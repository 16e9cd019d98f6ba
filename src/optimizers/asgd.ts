import { nonNegative, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * ASGD: SGD with a falling rate, and beside it the average of the weights, which is the better answer: `evaluate()` shows it.
 *   g ← g + λ'·p        p ← p·(1 − λ·ηₜ) − ηₜ·g        a ← a + μₜ·(p − a)
 *   η₁ = α, ηₜ₊₁ = α/(1 + λ·α·t)^κ        μₜ = 1/max(1, t − 1 − t₀)
 * Source    Polyak & Juditsky 1992, SIAM J. Control Optim. 30; the rates are Bottou's, "Stochastic Gradient Descent Tricks", 2012.
 * Differs   As in PyTorch, whose lambd, alpha and t0 are `lambda` (λ), `power` (κ) and `averageAfter` (t₀), and whose weight
 *           decay λ' is another. α is that of the step before, so a schedule works one step late. a is p until step t₀ + 2.
 * Defaults  PyTorch's: t₀ = 1e6, so give averageAfter where a run is shorter.   Memory  1 float a parameter.
 * Tests     test/optimizers/asgd.test.ts
 * @throws RangeError for an option out of its range
 * @example
 * const optimizer = asgd(params, { lr: 0.05, averageAfter: 100 })
 * optimizer.evaluate() // the averaged weights are in the parameters …
 * optimizer.train() // … and these go on
 */
export const asgd = defineOptimizer({
  name: 'asgd',
  options: {
    lr: rate(0.01),
    lambda: nonNegative(1e-4),
    power: nonNegative(0.75),
    averageAfter: nonNegative(1e6),
    weightDecay: nonNegative(0),
  },
  state: ['average'],
  scalars: ({ lr }) => ({ eta: lr, nextEta: lr }),
  advance: ({ nextEta }, { lr, lambda, power, t }) => ({
    eta: nextEta,
    nextEta: lr / (1 + lambda * lr * t) ** power,
  }),
  rule(p, g, average, { lambda, weightDecay, averageAfter, eta, t }) {
    const d = g + weightDecay * p
    const p1 = p * (1 - lambda * eta) - eta * d
    const mu = 1 / Math.max(1, t - 1 - averageAfter)
    return [p1, mu === 1 ? p1 : average + mu * (p1 - average)]
  },
  average: (_p, average) => [average],
})
