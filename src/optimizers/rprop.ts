import { positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * Rprop: only the gradient's sign counts: a step grows while the sign stays and shrinks where it turns. For whole batches.
 *   s ← s·η⁺ where g and the last g agree, s·η⁻ where they differ (there this g becomes 0), s where one is 0
 *   s ← min(max(s, s_min), s_max)        p ← p − sign(g)·s        s starts at α
 * Source    Riedmiller & Braun 1993; this form, without going back, is iRprop⁻ of Igel & Hüsken 2000.
 * Differs   As in PyTorch. α is the first step alone: a schedule's later values have no effect.
 * Defaults  PyTorch's: η⁻ = 0.5, η⁺ = 1.2, steps within [1e-6, 50].   Memory  2 floats a parameter.
 * Tests     test/optimizers/rprop.test.ts
 * @throws RangeError for an option out of its range, unless η⁻ < 1 < η⁺ and minStep ≤ maxStep
 * @example  rprop(params, { lr: 0.01, maxStep: 1 })
 */
export const rprop = defineOptimizer({
  name: 'rprop',
  options: {
    lr: rate(0.01),
    etaMinus: positive(0.5),
    etaPlus: positive(1.2),
    minStep: positive(1e-6),
    maxStep: positive(50),
  },
  state: ['previous', 'step'],
  start: { step: ({ lr }) => lr },
  check({ etaMinus, etaPlus, minStep, maxStep }) {
    if (!(etaMinus < 1 && etaPlus > 1))
      throw new RangeError(
        `rprop: etaMinus must be < 1 and etaPlus > 1, got ${etaMinus} and ${etaPlus}`,
      )
    if (minStep > maxStep)
      throw new RangeError(`rprop: minStep must be ≤ maxStep (${maxStep}), got ${minStep}`)
  },
  rule(p, g, previous, step, { etaMinus, etaPlus, minStep, maxStep }) {
    // The product of the signs, not the sign of the product, which is 0 where small gradients underflow.
    const turn = Math.sign(g) * Math.sign(previous)
    const factor = turn > 0 ? etaPlus : turn < 0 ? etaMinus : 1
    const step1 = Math.min(Math.max(step * factor, minStep), maxStep)
    const used = turn < 0 ? 0 : g
    return [p - Math.sign(used) * step1, used, step1]
  },
})
