import { each } from '../nn/elementwise.js'
import type { Tensor } from '../nn/tensor.js'
import { penalty } from './penalty.js'

/**
 * log cosh w. Far from 0 as |w| + log((1 + e^(−2|w|)) / 2), which cannot overflow. Near 0 as −½·log(1 − tanh² w), with what 1 − tanh² w
 * was rounded by divided out again (Kahan's log1p): the other form would lose all digits there.
 */
const logCosh = `(w) => {
  const a = Math.abs(w)
  const y = -Math.tanh(w) * Math.tanh(w)
  const u = 1 + y
  const log = u === 1 ? y : (Math.log(u) * y) / (u - 1)
  return [a < 1 ? -0.5 * log : a + Math.log((1 + Math.exp(-2 * a)) / 2)]
}`

/**
 * The log-cosh penalty: λ·Σ log cosh w, whose slope is λ·tanh w. Near 0 it is ½·w² (ridge), far out |w| − log 2 (lasso).
 * Tests     test/regularizers/logCoshPenalty.test.ts
 * @throws RangeError if the strength is negative, or there is no parameter
 * @example  loss.add(logCoshPenalty(model.parameters(), 1e-4)).backward()
 */
export const logCoshPenalty = (params: readonly Tensor[], strength: number): Tensor =>
  penalty('logCoshPenalty', params, strength, (w) =>
    each(w, logCosh, '(w, d) => [d * Math.tanh(w)]').sum(),
  )
