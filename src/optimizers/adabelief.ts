import { flag, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * AdaBelief: Adam that divides by how far gradients stray from their average, not by how large they are.
 *   m ← β₁·m + (1−β₁)·g        s ← β₂·s + (1−β₂)·(g − m)² + ε₀        p ← (1−α·λ)·p − α·m̂/(√ŝ + ε)
 * Source    Zhuang et al. 2020, arXiv:2010.07468, Alg. 2; ε₀ (epsRoot) stays in s.
 * Differs   PyTorch libraries have one ε for both (1e-16, torch-optimizer 1e-8). decoupled: false adds λ·p to g. rectify (timm's default):
 *           as RAdam, with √s in place of √ŝ, from ρ ≥ 5 on, before that steps of α·m̂. amsgrad: the largest s so far.
 * Defaults  ε = ε₀ = 1e-16, λ = 0, lr 1e-3.   Memory  2 floats a parameter, 3 with amsgrad.   Tests  test/optimizers/adabelief.test.ts
 * @throws RangeError for an option out of its range
 * @example  adabelief(params, { lr: 1e-3, weightDecay: 0.01 })
 */
export const adabelief = defineOptimizer({
  name: 'adabelief',
  options: {
    lr: rate(1e-3),
    beta1: fraction(0.9),
    beta2: fraction(0.999),
    eps: positive(1e-16),
    epsRoot: nonNegative(1e-16),
    weightDecay: nonNegative(0),
    decoupled: flag(true),
    rectify: flag(false),
    amsgrad: flag(false),
  },
  state: ['m', 's', 'sMax'],
  rule(
    p,
    g,
    m,
    s,
    sMax,
    { lr, beta1, beta2, eps, epsRoot, weightDecay, decoupled, rectify, amsgrad, t },
  ) {
    const d = decoupled ? g : g + weightDecay * p
    const m1 = beta1 * m + (1 - beta1) * d
    const s1 = beta2 * s + (1 - beta2) * (d - m1) ** 2 + epsRoot
    const largest = amsgrad ? Math.max(sMax, s1) : s1
    const mHat = m1 / (1 - beta1 ** t)
    const sHat = largest / (1 - beta2 ** t)
    const rhoMax = 2 / (1 - beta2) - 1
    const rho = rhoMax - (2 * t * beta2 ** t) / (1 - beta2 ** t)
    const r = Math.sqrt(
      Math.max(0, ((rho - 4) * (rho - 2) * rhoMax) / ((rhoMax - 4) * (rhoMax - 2) * rho)),
    )
    const rectified =
      rho >= 5 ? (mHat * r * Math.sqrt(1 - beta2 ** t)) / (Math.sqrt(largest) + eps) : mHat
    const step = rectify ? rectified : mHat / (Math.sqrt(sHat) + eps)
    const kept = decoupled ? p * (1 - lr * weightDecay) : p
    return [kept - lr * step, m1, s1, amsgrad ? largest : sMax]
  },
})
