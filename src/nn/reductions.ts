import type { DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import { fitTo, repeated } from './broadcast.js'
import { around, axisOf } from './sizes.js'
import type { Tensor } from './tensor.js'

/** Options of `sum`, `mean` and `max`. */
export interface ReduceOptions {
  /** The axis stays, with length 1, so that the result broadcasts against what it came from. */
  keepDims?: boolean
}

/** How many elements go into one value, the shape of the result with and without the axis, and the fold. */
function along(owner: string, x: Tensor, axis: number | undefined, keepDims: boolean) {
  const { shape, size } = x
  const at = axis === undefined ? undefined : axisOf(owner, shape, axis)
  const kept = shape.map((n, k) => (at === undefined || k === at ? 1 : n))
  const dropped = shape.filter((_, k) => at !== undefined && k !== at)
  const count = at === undefined ? size : shape[at]!
  return {
    kept,
    result: keepDims ? kept : dropped,
    count,
    fold: (kind: 'sum' | 'max', array: DeviceArray): DeviceArray =>
      x.backend.fold(kind, array, at === undefined ? undefined : around(shape, at)),
  }
}

/** Σ over all, or along an axis. */
export function sum(x: Tensor, axis?: number, { keepDims = false }: ReduceOptions = {}): Tensor {
  const { kept, result, fold } = along('sum', x, axis, keepDims)
  return x.record(fold('sum', x.array), result, [x], (d) => [repeated(x.backend, d, kept, x.shape)])
}

/** Σ / n over all, or along an axis. */
export function mean(x: Tensor, axis?: number, options: ReduceOptions = {}): Tensor {
  const { count } = along('mean', x, axis, false)
  return sum(x, axis, options).mul(1 / count)
}

/** The largest of all, or along an axis. The gradient is shared by all that are equally large. */
export function max(x: Tensor, axis?: number, { keepDims = false }: ReduceOptions = {}): Tensor {
  const { backend, array, shape } = x
  const { kept, result, count, fold } = along('max', x, axis, keepDims)
  if (count === 0) throw new RangeError(`max: ${x} has no values; there is no largest`)
  const top = fold('max', array)
  return x.record(top, result, [x], (d) => {
    const [tops, gradients] = [top, d].map((values) => fitTo(backend, values, kept, shape))
    const repeat = [undefined, tops!.repeat, gradients!.repeat]
    const inputs = [array, tops!.array, gradients!.array]
    const launch = { length: x.size, repeat }
    const [equal] = backend.map(program('(x, top) => [x === top ? 1 : 0]'), inputs, launch)
    const ties = fold('sum', equal!)
    const counts = fitTo(backend, ties, kept, shape)
    const [slope] = backend.map(
      program('(equal, count, d) => [equal * d / count]'),
      [equal!, counts.array, gradients!.array],
      { length: x.size, repeat: [undefined, counts.repeat, gradients!.repeat] },
    )
    for (const one of [tops!, gradients!, counts]) if (one.made) backend.release(one.array)
    for (const one of [equal!, ties]) backend.release(one)
    return [slope!]
  })
}
