import { choice, flag, fraction, nonNegative, positive, rate } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * LAMB: Adam whose step is scaled, tensor by tensor, to the size of its weights.
 *   g ← g / max(1, ‖all g‖/G)      m ← β₁·m + (1−β₁)·g      v ← β₂·v + (1−β₂)·g²      u = m̂/(√v̂ + ε) + λ·p
 *   p ← p − α·φ·u      φ = ‖p‖/‖u‖, 1 where one of the two is 0; by default also 1 where λ = 0
 * Source    You et al. 2020, arXiv:1904.00962, Alg. 2; the clip G and the rule for λ = 0 are NVLAMB's (NVIDIA's FusedLAMB).
 * Differs   Default: timm's Lamb, which counts bias correction by calls of `step`. The others, by option:
 *   Optax             maxGradNorm: 0, adapt: 'always' (λ = 0 by default there)
 *   torch-optimizer   maxGradNorm: 0, adapt: 'always', biasCorrection: 'none' (debias: 'step'), clampNorm: 10
 *   pytorch-optimizer as torch-optimizer with biasCorrection: 'm', decoupled: true, epsInTrust: true
 * Options   maxGradNorm: the largest norm of all gradients together, 0: no limit · adapt: 'never' is Adam · trustClip: φ ≤ 1 (LAMBC) ·
 *           biasCorrection: 'full' (m̂, v̂), 'step' (√c₂/c₁ behind φ), 'm' (1/c₁ behind φ) · clampNorm: ‖p‖ at most, 0: no limit ·
 *           decoupled: p ← (1−α·λ)·p first, and no λ in u · gradAveraging: false takes g in place of (1−β₁)·g · epsRoot: ε inside the root
 * Defaults  timm's (ε = 1e-6, λ = 0.01), lr 1e-3.   Memory  2 floats a parameter.   Tests  test/optimizers/lamb.test.ts
 * @throws RangeError for an option out of its range
 * @example  lamb(params, { lr: 2e-3, weightDecay: 0.02 })
 */
export const lamb = defineOptimizer({
  name: 'lamb',
  options: {
    lr: rate(1e-3),
    beta1: fraction(0.9),
    beta2: fraction(0.999),
    eps: positive(1e-6),
    epsRoot: nonNegative(0),
    weightDecay: nonNegative(0.01),
    decoupled: flag(false),
    maxGradNorm: nonNegative(1),
    gradAveraging: flag(true),
    biasCorrection: choice('full', 'none', 'step', 'm'),
    adapt: choice('decayed', 'always', 'never'),
    trustClip: flag(false),
    clampNorm: nonNegative(0),
    epsInTrust: flag(false),
  },
  state: ['m', 'v'],
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
      epsRoot,
      weightDecay,
      decoupled,
      maxGradNorm,
      gradAveraging,
      biasCorrection,
      adapt,
      trustClip,
      clampNorm,
      epsInTrust,
      calls,
      norm,
      globalNorm,
    },
  ) {
    const d = maxGradNorm === 0 ? g : g / Math.max(1, globalNorm(g) / maxGradNorm)
    const m1 = beta1 * m + (gradAveraging ? 1 - beta1 : 1) * d
    const v1 = beta2 * v + (1 - beta2) * d * d
    const c1 = 1 - beta1 ** calls
    const c2 = 1 - beta2 ** calls
    const mHat = biasCorrection === 'full' ? m1 / c1 : m1
    const vHat = biasCorrection === 'full' ? v1 / c2 : v1
    const behind =
      biasCorrection === 'step' ? Math.sqrt(c2) / c1 : biasCorrection === 'm' ? 1 / c1 : 1
    const w = decoupled ? p * (1 - lr * weightDecay) : p
    const u = mHat / (Math.sqrt(vHat + epsRoot) + eps) + (decoupled ? 0 : weightDecay * p)
    const wNorm = clampNorm === 0 ? norm(w) : Math.min(norm(w), clampNorm)
    const ratio = wNorm > 0 && norm(u) > 0 ? wNorm / (norm(u) + (epsInTrust ? eps : 0)) : 1
    const phi = trustClip ? Math.min(ratio, 1) : ratio
    const trust = adapt === 'always' || (adapt === 'decayed' && weightDecay !== 0) ? phi : 1
    return [w - lr * behind * trust * u, m1, v1]
  },
})
