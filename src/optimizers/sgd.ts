import { flag, nonNegative, rate, share } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * SGD: a step against the gradient, with momentum (heavy ball or Nesterov) if asked.
 *   d ← g + λ·p        b ← d at t = 1, else μ·b + (1−τ)·d        p ← p − α·b        (Nesterov: p ← p − α·(d + μ·b))
 * Source    Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning", §2, as in PyTorch.
 * Differs   α is outside the momentum; the first b is d, without dampening τ; without momentum, τ has no effect.
 * Defaults  PyTorch's, lr 1e-2.   Memory  1 float a parameter, none without momentum.   Tests  test/optimizers/sgd.test.ts
 * @throws RangeError for an option out of its range, and for nesterov without momentum or with dampening
 * @example  sgd(params, { lr: 0.1, momentum: 0.9, nesterov: true })
 */
export const sgd = defineOptimizer({
  name: 'sgd',
  options: {
    lr: rate(0.01),
    momentum: nonNegative(0),
    dampening: share(0),
    weightDecay: nonNegative(0),
    nesterov: flag(false),
  },
  state: ['m'],
  check({ momentum, dampening, nesterov }) {
    if (nesterov && (momentum === 0 || dampening !== 0))
      throw new RangeError(
        `sgd: nesterov needs momentum > 0 and dampening 0, got momentum ${momentum}, dampening ${dampening}`,
      )
  },
  rule(p, g, m, { lr, momentum, dampening, weightDecay, nesterov, t }) {
    const d = g + weightDecay * p
    const b = t === 1 ? d : momentum * m + (1 - dampening) * d
    const step = momentum === 0 ? d : nesterov ? d + momentum * b : b
    return [p - lr * step, momentum === 0 ? m : b]
  },
})
