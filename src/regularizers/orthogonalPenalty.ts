import { checkOption, choice } from '../backend/options.js'
import { program } from '../backend/rule.js'
import type { Tensor } from '../nn/tensor.js'
import type { UnitOptions, Units } from '../nn/units.js'
import { checkMatrix } from './matrix.js'
import { penalty } from './penalty.js'

const unitChoice = choice<Units>('columns', 'rows')

/**
 * Soft orthogonality: λ·‖WᵀW − I‖²_F, which is 0 if and only if the columns are orthonormal. A matrix has room for that only if it has
 * at least as many rows as columns; for a wide one take its rows: λ·‖WWᵀ − I‖²_F.
 * Source    Bansal et al. 2018, arXiv:1810.09102, eq. 1 (SO).   Defaults  columns, theirs.
 * Tests     test/regularizers/orthogonalPenalty.test.ts
 * @throws RangeError if the strength is negative, or a parameter is not a matrix
 * @example  loss.add(orthogonalPenalty([layer.weight], 1e-4, { units: 'rows' })).backward()
 */
export function orthogonalPenalty(
  params: readonly Tensor[],
  strength: number,
  { units = 'columns' }: UnitOptions = {},
): Tensor {
  checkOption('orthogonalPenalty', 'units', unitChoice, units)
  return penalty('orthogonalPenalty', params, strength, (w) => {
    const { array, backend } = w
    const [rows, columns] = checkMatrix('orthogonalPenalty', w)
    const byRow = units === 'rows'
    const [n, inner] = byRow ? [rows, columns] : [columns, rows]
    const one = new Float64Array(n * n)
    for (let k = 0; k < n; k++) one[k * (n + 1)] = 1
    const gram = backend.matmul(array, array, {
      rows: n,
      inner,
      columns: n,
      transposeA: !byRow,
      transposeB: byRow,
    })
    const [off] = backend.map(program('(g, i) => [g - i]'), [gram, backend.write(one)])
    const [squares] = backend.map(program('(a) => [a * a]'), [off!])
    return w.record(backend.fold('sum', squares!), [], [w], (gradient) => {
      const product = byRow
        ? backend.matmul(off!, array, { rows, inner: rows, columns })
        : backend.matmul(array, off!, { rows, inner: columns, columns })
      return backend.map(program('(a, d) => [4 * d * a]'), [product, gradient])
    })
  })
}
