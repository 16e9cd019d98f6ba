import { checkOption, nonNegative, positive } from '../backend/options.js'
import { program } from '../backend/rule.js'
import { tensor } from '../nn/create.js'
import { Tensor } from '../nn/tensor.js'

/** Options of `clipGradNorm`. */
export interface ClipGradNorm {
  /** Added to the norm before dividing: 1e-6 as in PyTorch; 0 is Optax's rule. */
  eps?: number
  /** Order of the norm: (Σ |g|ᵖ)^(1/p), or the largest |g| for Infinity. */
  p?: number
  /** Refuse a NaN or infinite norm before any gradient is touched. Needs a backend that reads at once. */
  errorIfNonfinite?: boolean
}

/** A NaN norm gives NaN gradients, an infinite one zeros: as PyTorch. */
const scale = '(total, { limit, eps }) => [limit / (total + eps) > 1 ? 1 : limit / (total + eps)]'

/**
 * Scales all gradients by one factor, so that their common norm is at most `limit`: g ← g·min(1, limit / (‖g‖ + ε)).
 * The direction stays. The factor is computed where the gradients are; nothing is read back.
 * Source    Pascanu et al. 2013, arXiv:1211.5063, Alg. 1, as torch.nn.utils.clip_grad_norm_.
 * @returns the norm before clipping, as a scalar tensor: `await norm.item()`
 * @throws RangeError if the limit is negative, or (errorIfNonfinite) the norm is not finite
 */
export function clipGradNorm(
  params: readonly Tensor[],
  limit: number,
  { eps = 1e-6, p = 2, errorIfNonfinite = false }: ClipGradNorm = {},
): Tensor {
  checkOption('clipGradNorm', 'the limit', nonNegative(), limit)
  checkOption('clipGradNorm', 'eps', nonNegative(), eps)
  if (p !== Number.POSITIVE_INFINITY) checkOption('clipGradNorm', 'p', positive(), p)
  const clipped = params.filter((param) => param.grad)
  const [first] = clipped
  if (!first) return tensor(0)
  const { backend } = first
  const fold = p === Number.POSITIVE_INFINITY ? 'max' : 'sum'
  const power =
    fold === 'max'
      ? '(g) => [Math.abs(g)]'
      : `(g) => [${p === 2 ? 'g * g' : `Math.abs(g) ** ${p}`}]`
  const parts = clipped.map(({ grad }) =>
    backend.fold(fold, backend.map(program(power), [grad!.array])[0]!),
  )
  const join = program(fold === 'max' ? '(a, b) => [Math.max(a, b)]' : '(a, b) => [a + b]')
  const joined = parts.reduce((a, b) => backend.map(join, [a, b])[0]!)
  const root = program(p === 2 ? '(a) => [Math.sqrt(a)]' : `(a) => [a ** ${1 / p}]`)
  const total = fold === 'max' ? joined : backend.map(root, [joined])[0]!
  const norm = new Tensor(backend, total, [])
  if (errorIfNonfinite) {
    const [value] = backend.readSync(total, 'clipGradNorm with errorIfNonfinite')
    if (!Number.isFinite(value))
      throw new RangeError(
        `clipGradNorm: the norm of order ${p} must be finite, got ${value}; no gradient was changed`,
      )
  }
  const [factor] = backend.map(program(scale), [total], { hypers: { limit, eps } })
  for (const param of clipped) {
    const [grad] = backend.map(program('(g, factor) => [g * factor]'), [param.grad!.array, factor!])
    param.grad = new Tensor(backend, grad!, param.shape)
  }
  return norm
}
