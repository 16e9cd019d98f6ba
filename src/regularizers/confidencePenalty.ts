import type { DeviceArray } from '../backend/backend.js'
import { checkOption, nonNegative } from '../backend/options.js'
import { program } from '../backend/rule.js'
import type { Tensor } from '../nn/tensor.js'
import { UnitView } from '../nn/units.js'
import { checkMatrix } from './matrix.js'

/**
 * The confidence penalty: −λ·mean of H(softmax(z)) over the rows of logits z, H the entropy. Added to the loss, it pays for being sure.
 * Source    Pereyra et al. 2017, arXiv:1701.06548, eq. 3.
 * Tests     test/regularizers/confidencePenalty.test.ts
 * @throws RangeError if the strength is negative, or the logits are not a matrix
 * @example  loss.add(confidencePenalty(logits, 0.1)).backward()
 */
export function confidencePenalty(logits: Tensor, strength: number): Tensor {
  checkOption('confidencePenalty', 'the strength', nonNegative(), strength)
  const [rows, classes] = checkMatrix('confidencePenalty', logits)
  const { backend, array } = logits
  const view = new UnitView(logits, 'rows')
  const map = (rule: string, inputs: DeviceArray[]) => backend.map(program(rule), inputs)[0]!
  const perRow = (values: DeviceArray) => view.spread(view.sums(values))
  // Without the largest logit of each row e^z could overflow.
  const top = backend.fold('max', array, { length: classes, inner: 1 })
  const shifted = map('(z, top) => [z - top]', [array, view.spread(top)])
  const sum = perRow(map('(z) => [Math.exp(z)]', [shifted]))
  const log = map('(z, sum) => [z - Math.log(sum)]', [shifted, sum])
  const terms = map('(log) => [Math.exp(log) * log]', [log])
  return logits
    .record(backend.fold('sum', terms), [], [logits], (gradient) =>
      backend.map(program('(log, negative, d) => [d * Math.exp(log) * (log - negative)]'), [
        log,
        perRow(terms),
        gradient,
      ]),
    )
    .mul(strength / rows)
}
