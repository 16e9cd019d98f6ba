import { choice, flag, nonNegative, positive, rate, share } from '../backend/options.js'
import { defineOptimizer } from './define.js'

/**
 * LARS: SGD with momentum whose gradient is scaled, tensor by tensor, to the size of its weights.
 *   φ = η·‖p‖ / (‖g‖ + λ·‖p‖ + ε), 1 where ‖p‖ or ‖g‖ is 0, and by default also where λ = 0
 *   d ← φ·(g + λ·p)        b ← d at t = 1, else μ·b + (1−τ)·d        p ← p − α·b        (Nesterov: p ← p − α·(d + μ·b))
 * Source    You et al. 2017, arXiv:1708.03888, as timm's Lars.
 * Differs   By `convention`:
 *   'timm' (default)     as above; trustClip: φ ≤ α (LARC)
 *   'optax'              φ = η·‖p‖/(‖g + λ·p‖ + ε), always; α is inside the momentum: b ← μ·b + α·d, p ← p − b
 *   'torch-optimizer'    λ and φ only where λ ≠ 0 and both norms are not 0
 *   'pytorch-optimizer'  no λ and φ for tensors of one dimension or none; no ε, φ also where ‖g‖ = 0 but λ·‖p‖ is not; b starts at 0, τ counts from the first step
 * Defaults  timm's, lr 0.1, η = 1e-3 (trustCoefficient).   Memory  1 float a parameter, none without momentum.
 * Tests     test/optimizers/lars.test.ts
 * @throws RangeError for an option out of its range, for nesterov without momentum or with dampening, and for what the convention does not read
 * @example  lars(params, { lr: 2, momentum: 0.9, weightDecay: 1e-4 })
 */
export const lars = defineOptimizer({
  name: 'lars',
  options: {
    lr: rate(0.1),
    momentum: nonNegative(0),
    dampening: share(0),
    nesterov: flag(false),
    weightDecay: nonNegative(0),
    trustCoefficient: positive(1e-3),
    eps: nonNegative(1e-8),
    alwaysAdapt: flag(false),
    trustClip: flag(false),
    convention: choice('timm', 'optax', 'torch-optimizer', 'pytorch-optimizer'),
  },
  state: ['m'],
  check({ momentum, dampening, nesterov, alwaysAdapt, trustClip, convention }) {
    if (nesterov && (momentum === 0 || dampening !== 0))
      throw new RangeError(
        `lars: nesterov needs momentum > 0 and dampening 0, got momentum ${momentum}, dampening ${dampening}`,
      )
    if (convention !== 'timm' && (alwaysAdapt || trustClip))
      throw new RangeError(
        `lars: alwaysAdapt and trustClip are timm's; convention "${convention}" has neither, leave them out`,
      )
    if (convention === 'optax' && dampening !== 0)
      throw new RangeError(`lars: convention "optax" has no dampening, got ${dampening}`)
  },
  rule(
    p,
    g,
    m,
    {
      lr,
      momentum,
      dampening,
      nesterov,
      weightDecay,
      trustCoefficient,
      eps,
      alwaysAdapt,
      trustClip,
      convention,
      t,
      dims,
      norm,
    },
  ) {
    const decayed = g + weightDecay * p
    const size = convention === 'optax' ? norm(decayed) : norm(g)
    const below =
      convention === 'optax'
        ? size + eps
        : size + weightDecay * norm(p) + (convention === 'pytorch-optimizer' ? 0 : eps)
    const against = convention === 'pytorch-optimizer' ? below : size
    const both = norm(p) > 0 && against > 0 ? 1 : 0
    const ratio = both > 0 ? (trustCoefficient * norm(p)) / below : 1
    const phi = trustClip ? Math.min(ratio / lr, 1) : ratio
    const timm = weightDecay !== 0 || alwaysAdapt ? phi * decayed : decayed
    const old = weightDecay !== 0 && both > 0 ? phi * decayed : g
    const wide = dims > 1 ? phi * decayed : g
    const d =
      convention === 'timm'
        ? timm
        : convention === 'optax'
          ? lr * phi * decayed
          : convention === 'torch-optimizer'
            ? old
            : wide
    const first =
      t === 1 && convention !== 'pytorch-optimizer' ? d : momentum * m + (1 - dampening) * d
    const step = momentum === 0 ? d : nesterov ? d + momentum * first : first
    return [p - (convention === 'optax' ? step : lr * step), momentum === 0 ? m : first]
  },
})
