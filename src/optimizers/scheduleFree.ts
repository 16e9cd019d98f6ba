import { choice, count, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * Schedule-free AdamW: in place of a falling learning rate, an average of the weights, which needs no total of steps.
 * The parameters are y while training; `evaluate()` puts the average x into them, `train()` y back.
 *   d ← g/(√v̂ + ε) + λ·y      z ← z − α·d      c ← w/Σw, w = tʳ·(largest α)^q      x ← (1−c)·x + c·z      y ← β₁·x + (1−β₁)·z
 *   (x is not kept: x = (y − (1−β₁)·z)/β₁)
 * Source    Defazio et al. 2024, arXiv:2405.15682, as facebookresearch/schedule_free, which pytorch-optimizer and Optax follow.
 * Differs   α rises linearly during `warmup` steps: to α·t/warmup at step t (warmupFrom: 'first'), or, in Optax, from 0, with weights one
 *           step ahead ('zero'). Optax's r is 0.
 * Defaults  the authors' (lr 2.5e-3, r = 0, q = weightPower = 2).   Memory  2 floats a parameter.   Tests  test/optimizers/scheduleFree.test.ts
 * @throws RangeError for an option out of its range, and for beta1 = 0
 * @example
 * const optimizer = scheduleFree(params, { lr: 2.5e-3, warmup: 100 })
 * optimizer.step()
 * optimizer.evaluate() // measure here
 * optimizer.train()
 */
export const scheduleFree = defineOptimizer({
  name: 'scheduleFree',
  options: {
    lr: rate(2.5e-3),
    beta1: fraction(0.9),
    beta2: fraction(0.999),
    eps: positive(1e-8),
    weightDecay: nonNegative(0),
    warmup: count(0),
    warmupFrom: choice('first', 'zero'),
    r: nonNegative(0),
    weightPower: nonNegative(2),
  },
  state: ['z', 'v'],
  start: { z: 'p' },
  scalars: () => ({ largest: 0, weightSum: 0, c: 0, scale: 1 }),
  advance({ largest, weightSum }, { lr, warmup, warmupFrom, r, weightPower, t }) {
    const part = (step: number) => (warmup === 0 ? 1 : Math.min(1, step / warmup))
    const top = Math.max(largest, lr * part(t))
    const weight = t ** r * top ** weightPower
    const sum = weightSum + weight
    return {
      largest: top,
      weightSum: sum,
      c: sum > 0 ? weight / sum : 0,
      scale: part(warmupFrom === 'zero' ? t - 1 : t),
    }
  },
  check({ beta1 }) {
    if (beta1 === 0)
      throw new RangeError('scheduleFree: beta1 must be > 0, the average is divided by it; got 0')
  },
  rule(p, g, z, v, { lr, beta1, beta2, eps, weightDecay, c, scale, t }) {
    const v1 = beta2 * v + (1 - beta2) * g * g
    const d = g / (Math.sqrt(v1 / (1 - beta2 ** t)) + eps) + weightDecay * p
    const y = p + c * (z - p) - lr * scale * (1 - beta1 * (1 - c)) * d
    return [y, z - lr * scale * d, v1]
  },
  average: (p, z, _v, { beta1 }) => [(p - (1 - beta1) * z) / beta1],
})
