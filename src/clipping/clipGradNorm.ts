import type { Backend, DeviceArray } from '../backend/backend.js'
import { checkNames, checkOption, choice, nonNegative, positive } from '../backend/options.js'
import { program } from '../backend/rule.js'
import { tensor } from '../nn/create.js'
import { anyNonFinite, largestFinite, normOf } from '../nn/norm.js'
import { checkParameters } from '../nn/parameters.js'
import { Tensor } from '../nn/tensor.js'
import type { ClipHistory } from './clipHistory.js'

/** What `clipGradNorm` does about NaN and infinite gradients. */
export type NonFinite = 'pass' | 'skip' | 'raise' | 'clip'

/** Options of `clipGradNorm`. */
export interface ClipGradNorm {
  /** Added to the norm before dividing: 1e-6 as in PyTorch; 0 is Optax's rule. */
  eps?: number
  /** Order of the norm: (Σ |g|ᵖ)^(1/p), or the largest |g| for Infinity. */
  p?: number
  /**
   * - `pass` (as PyTorch): a NaN norm makes all gradients NaN, an infinite one makes them 0, but ±∞, which become NaN.
   * - `skip`: the gradients are dropped (null), so `optimizer.step()` leaves these parameters, their state and their t alone;
   *   the optimizer's schedules go on. Needs a backend that reads at once.
   * - `raise`: a RangeError before any gradient is touched. Needs a backend that reads at once.
   * - `clip`: NaN becomes 0 and ±∞ the largest finite |g| (1 if there is none), then they are clipped; the norm is that of the repaired ones.
   */
  nonFinite?: NonFinite
  /** Counts the calls, those that clipped, and those that met NaN or infinities: `clipHistory()`. */
  history?: ClipHistory
}

const choices = choice<NonFinite>('pass', 'skip', 'raise', 'clip')

/** NaN is not ≤ anything: its factor is NaN. */
const scale = '(total, { limit, eps }) => [total + eps <= limit ? 1 : limit / (total + eps)]'

const repair = `(g, top) => {
  const most = top > 0 ? top : 1
  return [Math.abs(g) < Infinity ? g : g > 0 ? most : g < 0 ? -most : 0]
}`

/**
 * Scales all gradients by one factor, so that their common norm is at most `limit`: g ← g·min(1, limit / (‖g‖ + ε)).
 * The direction stays. The factor is computed where the gradients are; nothing is read back, but for `skip` and `raise`.
 * It is left beside the gradients: the next step multiplies while it reads them, and so does who looks at `w.grad`.
 * An infinite limit scales nothing: the norm is measured.
 * Source    Pascanu et al. 2013, arXiv:1211.5063, Alg. 1, as torch.nn.utils.clip_grad_norm_.
 * Differs   The norm cannot overflow on the way: gradients of 1e200 are clipped, where PyTorch's norm is infinite and its result 0.
 *           Optax adds no ε: `eps: 0`.   Tests  test/clipping/clipGradNorm.test.ts
 * @param params parameters; one that is given twice counts once, one without gradient not at all
 * @returns the norm before clipping, as a scalar tensor: `await norm.item()`
 * @throws RangeError if the limit is negative, or (`raise`) the norm is not finite
 * @throws Error for `skip` and `raise` where reading needs an await, with what to do there
 * @example  clipGradNorm(model.parameters(), 1, { nonFinite: 'skip' }); optimizer.step()
 */
export function clipGradNorm(
  params: readonly Tensor[],
  limit: number,
  options: ClipGradNorm = {},
): Tensor {
  const { eps = 1e-6, p = 2, nonFinite = 'pass', history } = options
  checkNames('clipGradNorm', { eps, p, nonFinite, history }, options)
  const measured = limit === Number.POSITIVE_INFINITY // written so, in torch too, to learn the norm
  if (!measured) checkOption('clipGradNorm', 'the limit', nonNegative(), limit)
  checkOption('clipGradNorm', 'eps', nonNegative(), eps)
  if (p !== Number.POSITIVE_INFINITY) checkOption('clipGradNorm', 'p', positive(), p)
  checkOption('clipGradNorm', 'nonFinite', choices, nonFinite)
  const clipped = checkParameters('clipGradNorm', params).filter((param) => param.gradient)
  const [first] = clipped
  if (!first) return tensor(0)
  const { backend } = first
  const given = clipped.map(({ gradient }) => gradient!.array)
  const grads = nonFinite === 'clip' ? repaired(backend, given) : given
  const total = normOf(backend, grads, p)
  const factor = measured
    ? backend.write([1])
    : backend.map(program(scale), [total], { hypers: { limit, eps } })[0]!
  history?.count(backend, total, factor, anyNonFinite(backend, grads === given ? [total] : given))
  const norm = new Tensor(backend, total, [])
  if (nonFinite === 'skip' || nonFinite === 'raise') {
    const value = readAtOnce(norm, nonFinite)
    if (!Number.isFinite(value)) {
      if (nonFinite === 'raise')
        throw new RangeError(
          `clipGradNorm: the norm of order ${p} must be finite, got ${value}; no gradient was changed`,
        )
      for (const param of clipped) param.grad = null
      return norm
    }
  }
  for (const [k, param] of clipped.entries()) {
    if (grads !== given) param.receive(grads[k]!)
    if (!measured) param.slot.scale(factor)
  }
  return norm
}

function repaired(backend: Backend, grads: readonly DeviceArray[]): DeviceArray[] {
  const top = largestFinite(backend, grads)
  return grads.map((grad) => backend.map(program(repair), [grad, top])[0]!)
}

/** How often a parameter was stepped is counted on the host, so whether to step must be known there. */
function readAtOnce(norm: Tensor, nonFinite: NonFinite): number {
  try {
    return norm.itemSync()
  } catch (cause) {
    throw new Error(
      `clipGradNorm: nonFinite "${nonFinite}" must know the norm at once, and ${norm.backend.name} is read asynchronously; use "clip", or "pass" and \`if (Number.isFinite(await norm.item())) optimizer.step()\``,
      { cause },
    )
  }
}
