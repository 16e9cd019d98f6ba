import { checkOption } from '../backend/options.js'
import { program } from '../backend/rule.js'
import type { Tensor } from '../nn/tensor.js'
import { type UnitOptions, UnitView, unitChoice } from '../nn/units.js'
import { penalty } from './penalty.js'

const slope = program('(w, norm, d) => [norm > 0 ? (d * w) / norm : 0]')

/**
 * Group lasso: λ·Σ‖wᵢ‖₂ over the units (rows: one for each output neuron), which draws whole units to 0. The slope of a unit of zeros is 0.
 * Source    Yuan & Lin 2006.
 * Differs   They weight each group by √(its size), which is the same for all units of one tensor: multiply λ by it.
 * Tests     test/regularizers/groupLassoPenalty.test.ts
 * @throws RangeError if the strength is negative, or there is no parameter
 * @example  loss.add(groupLassoPenalty([layer.weight], 1e-3)).backward()
 */
export function groupLassoPenalty(
  params: readonly Tensor[],
  strength: number,
  { units = 'rows' }: UnitOptions = {},
): Tensor {
  checkOption('groupLassoPenalty', 'units', unitChoice, units)
  return penalty('groupLassoPenalty', params, strength, (w) => {
    const { array, backend } = w
    const view = new UnitView(w, units)
    const norms = view.norms(array)
    return w.record(backend.fold('sum', norms), [], [w], (gradient) =>
      backend.map(slope, [array, view.spread(norms), gradient]),
    )
  })
}
