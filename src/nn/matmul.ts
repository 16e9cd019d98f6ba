import { sizeOf } from './sizes.js'
import type { Tensor } from './tensor.js'

/** a [n, k] · b [k, m]; a may have more dimensions before k, b may be a vector [k]. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const { backend } = a
  if (b.backend !== backend)
    throw new TypeError(
      `matmul: ${a} and ${b} must live on one backend; make them after useBackend`,
    )
  const inner = a.shape.at(-1)
  if (inner === undefined || b.shape.length === 0 || b.shape.length > 2 || b.shape[0] !== inner)
    throw new RangeError(
      `matmul: ${a} and ${b} do not fit; the first must be [n, k] (or have more dimensions before k), the second [k, m] or [k]`,
    )
  const columns = b.shape[1] ?? 1
  const rows = sizeOf(a.shape.slice(0, -1))
  const shape = [...a.shape.slice(0, -1), ...b.shape.slice(1)]
  const product = backend.matmul(a.array, b.array, { rows, inner, columns })
  const [left, right] = [a.array, b.array]
  return a.record(product, shape, [a, b], (d) => [
    a.requiresGrad
      ? backend.matmul(d, right, { rows, inner: columns, columns: inner, transposeB: true })
      : undefined,
    b.requiresGrad
      ? backend.matmul(left, d, { rows: inner, inner: rows, columns, transposeA: true })
      : undefined,
  ])
}
