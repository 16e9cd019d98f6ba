import { checkNames, checkOption, nonNegative, positive } from '../backend/options.js'
import { program } from '../backend/rule.js'
import { tidy } from '../backend/tidy.js'
import { checkParameters } from '../nn/parameters.js'
import type { Tensor } from '../nn/tensor.js'
import { type UnitOptions, UnitView, unitChoice } from '../nn/units.js'

/** Options of `clipGradAdaptive`. */
export interface ClipGradAdaptive extends UnitOptions {
  /** The least norm that a unit's weights count with, so that weights of 0 can leave it. */
  eps?: number
}

const factor = program(`(g, p, { ratio, eps }) => {
  const limit = ratio * Math.max(p, eps)
  return [g < limit ? 1 : limit / Math.max(g, 1e-6)]
}`)

/**
 * Adaptive gradient clipping (AGC): limits the gradient of each unit (the weights of one neuron) to a share of its weights' norm.
 *   ‖gᵢ‖ ≥ λ·max(‖wᵢ‖, ε):   gᵢ ← gᵢ·λ·max(‖wᵢ‖, ε) / max(‖gᵢ‖, 1e-6)
 * Source    Brock et al. 2021, arXiv:2102.06171, eq. 3. They leave out the last layer: do not give its parameters.
 * Differs   Units are rows, as in timm's adaptive_clip_grad; those of Optax's adaptive_grad_clip are columns: `units: 'columns'`.
 * Defaults  ratio (λ) 0.01, ε 1e-3, both libraries' own.   Tests  test/clipping/clipGradAdaptive.test.ts
 * @throws RangeError for an option out of its range
 * @example  clipGradAdaptive(model.parameters(), 0.01)
 */
export function clipGradAdaptive(
  params: readonly Tensor[],
  ratio = 0.01,
  options: ClipGradAdaptive = {},
): void {
  const { eps = 1e-3, units = 'rows' } = options
  checkNames('clipGradAdaptive', { eps, units }, options)
  checkOption('clipGradAdaptive', 'the ratio', nonNegative(), ratio)
  checkOption('clipGradAdaptive', 'eps', positive(), eps)
  checkOption('clipGradAdaptive', 'units', unitChoice, units)
  for (const param of checkParameters('clipGradAdaptive', params)) {
    const { backend, gradient, shape, size } = param
    if (!gradient || size === 0) continue
    const clipped = tidy(backend, (here) => {
      const view = new UnitView({ backend: here, shape, size }, units)
      const norms = [view.norms(gradient.array), view.norms(param.array)]
      const [factors] = here.map(factor, norms, { hypers: { ratio, eps } })
      const spread = view.spread(factors!)
      return here.map(program('(g, factor) => [g * factor]'), [gradient.array, spread])[0]!
    })
    param.receive(clipped)
  }
}
