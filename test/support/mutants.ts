import { defineOptimizer, fraction, nonNegative, positive, rate } from 'downhill'

const shared = {
  options: {
    lr: rate(1e-3),
    beta1: fraction(0.9),
    beta2: fraction(0.999),
    eps: positive(1e-8),
    weightDecay: nonNegative(0.01),
  },
  state: ['m', 'v'],
} as const

/** Six AdamWs, each with one of the classic mistakes. The golden numbers must tell every one of them from the right one. */
export const mutants = {
  'ε inside the root': defineOptimizer({
    name: 'epsInside',
    ...shared,
    rule(p, g, m, v, { lr, beta1, beta2, eps, weightDecay, t }) {
      const m1 = beta1 * m + (1 - beta1) * g
      const v1 = beta2 * v + (1 - beta2) * g * g
      const step = m1 / (1 - beta1 ** t) / Math.sqrt(v1 / (1 - beta2 ** t) + eps)
      return [p - lr * (step + weightDecay * p), m1, v1]
    },
  }),
  'decay in the gradient': defineOptimizer({
    name: 'coupled',
    ...shared,
    rule(p, g, m, v, { lr, beta1, beta2, eps, weightDecay, t }) {
      const d = g + weightDecay * p
      const m1 = beta1 * m + (1 - beta1) * d
      const v1 = beta2 * v + (1 - beta2) * d * d
      return [p - (lr * m1) / (1 - beta1 ** t) / (Math.sqrt(v1 / (1 - beta2 ** t)) + eps), m1, v1]
    },
  }),
  'decay without the rate': defineOptimizer({
    name: 'unscaled',
    ...shared,
    rule(p, g, m, v, { lr, beta1, beta2, eps, weightDecay, t }) {
      const m1 = beta1 * m + (1 - beta1) * g
      const v1 = beta2 * v + (1 - beta2) * g * g
      const step = m1 / (1 - beta1 ** t) / (Math.sqrt(v1 / (1 - beta2 ** t)) + eps)
      return [p - lr * step - weightDecay * p, m1, v1]
    },
  }),
  'no bias correction': defineOptimizer({
    name: 'uncorrected',
    ...shared,
    rule(p, g, m, v, { lr, beta1, beta2, eps, weightDecay }) {
      const m1 = beta1 * m + (1 - beta1) * g
      const v1 = beta2 * v + (1 - beta2) * g * g
      return [p - lr * (m1 / (Math.sqrt(v1) + eps) + weightDecay * p), m1, v1]
    },
  }),
  'v corrected with β₁': defineOptimizer({
    name: 'mixed',
    ...shared,
    rule(p, g, m, v, { lr, beta1, beta2, eps, weightDecay, t }) {
      const m1 = beta1 * m + (1 - beta1) * g
      const v1 = beta2 * v + (1 - beta2) * g * g
      const step = m1 / (1 - beta1 ** t) / (Math.sqrt(v1 / (1 - beta1 ** t)) + eps)
      return [p - lr * (step + weightDecay * p), m1, v1]
    },
  }),
  't counted from 0': defineOptimizer({
    name: 'late',
    ...shared,
    rule(p, g, m, v, { lr, beta1, beta2, eps, weightDecay, t }) {
      const m1 = beta1 * m + (1 - beta1) * g
      const v1 = beta2 * v + (1 - beta2) * g * g
      const late = t === 1 ? 1 : t - 1
      const step = m1 / (1 - beta1 ** late) / (Math.sqrt(v1 / (1 - beta2 ** late)) + eps)
      return [p - lr * (step + weightDecay * p), m1, v1]
    },
  }),
}
