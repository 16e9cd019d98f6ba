import type { Backend, DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import { normOf } from '../nn/norm.js'
import type { Tensor } from '../nn/tensor.js'
import { checkMatrix } from './matrix.js'
import { penalty } from './penalty.js'

/** Enough for singular values down to 1e-8 of the norm: each step makes a small one 1.5 times as large. */
const iterations = 52

/**
 * The nuclear norm: λ·Σσ, the sum of the singular values, whose slope is λ·UVᵀ; it draws a matrix towards low rank.
 * UVᵀ is found without a decomposition, by products alone: X ← 1.5·X − 0.5·X·XᵀX from X = W/‖W‖_F (Newton–Schulz), so it stays on the
 * backend. Singular values below about 1e-8·‖W‖_F count for less than they are, and 0 for nothing, in the value and in the slope.
 * Source    Fazel 2002 (the norm); Björck & Bowie 1971 (the iteration).   Tests  test/regularizers/nuclearPenalty.test.ts
 * @throws RangeError if the strength is negative, or a parameter is not a matrix
 * @example  loss.add(nuclearPenalty([layer.weight], 1e-3)).backward()
 */
export const nuclearPenalty = (params: readonly Tensor[], strength: number): Tensor =>
  penalty('nuclearPenalty', params, strength, (w) => {
    const { array, backend } = w
    const polar = polarFactor(backend, array, checkMatrix('nuclearPenalty', w))
    const [products] = backend.map(program('(a, b) => [a * b]'), [array, polar])
    return w.record(backend.fold('sum', products!), [], [w], (gradient) =>
      backend.map(program('(a, d) => [d * a]'), [polar, gradient]),
    )
  })

/** UVᵀ of W = UΣVᵀ. */
function polarFactor(
  backend: Backend,
  array: DeviceArray,
  [rows, columns]: [number, number],
): DeviceArray {
  const unit = program('(a, norm) => [norm > 0 ? a / norm : a]')
  let x = backend.map(unit, [array, normOf(backend, [array], 2)])[0]!
  for (let k = 0; k < iterations; k++) {
    const gram = backend.matmul(x, x, {
      rows: columns,
      inner: rows,
      columns,
      transposeA: true,
    })
    const cube = backend.matmul(x, gram, { rows, inner: columns, columns })
    x = backend.map(program('(x, cube) => [1.5 * x - 0.5 * cube]'), [x, cube])[0]!
  }
  return x
}
