import { Picks } from '../backend/picks.js'
import { program } from '../backend/rule.js'
import { cached } from './cached.js'
import { around, axisOf, sizeOf } from './sizes.js'
import type { Tensor } from './tensor.js'

const copy = program('(a) => [a]')

/** The elements that picks list, in a shape; the gradient goes back to where they came from. */
export const pickFrom = (x: Tensor, picks: Picks, shape: readonly number[]): Tensor =>
  x.record(x.backend.pick(x.array, picks), shape, [x], (d) => [x.backend.pick(d, picks.transpose)])

/** The same values, row by row, in another shape; one length may be −1: what is left. A copy: the values of x may change in place. */
export function reshape(x: Tensor, lengths: readonly number[]): Tensor {
  const rest = lengths.indexOf(-1)
  const known = lengths.reduce((product, n, k) => (k === rest ? product : product * n), 1)
  const shape = lengths.map((n, k) => (k === rest ? x.size / known : n))
  if (!shape.every((n) => Number.isInteger(n) && n >= 0) || sizeOf(shape) !== x.size)
    throw new RangeError(
      `reshape: ${x} has ${x.size} values, which do not fill [${lengths.join(', ')}]`,
    )
  return x.record(x.backend.map(copy, [x.array])[0]!, shape, [x], (d) => [d])
}

/** The axes in another order. `shape`: how the values are seen. */
export function permute(x: Tensor, order: readonly number[], shape = x.shape): Tensor {
  const axes = order.map((axis) => axisOf('permute', shape, axis))
  if (axes.length !== shape.length || new Set(axes).size !== axes.length)
    throw new RangeError(
      `permute: the order must name each axis of [${shape.join(', ')}] once, got [${order.join(', ')}]`,
    )
  const result = axes.map((axis) => shape[axis]!)
  const picks = cached(`permute ${shape} ${axes}`, () => {
    const strides = axes.map((axis) => sizeOf(shape.slice(axis + 1)))
    const places = new Int32Array(x.size)
    for (let place = 0; place < places.length; place++) {
      let [rest, index] = [place, 0]
      for (let k = result.length - 1; k >= 0; k--) {
        index += (rest % result[k]!) * strides[k]!
        rest = Math.floor(rest / result[k]!)
      }
      places[place] = index
    }
    return Picks.of(places, x.size)
  })
  return pickFrom(x, picks, result)
}

/** Two axes exchanged; without arguments the last two. */
export function transpose(x: Tensor, a = -2, b = -1): Tensor {
  const order = x.shape.map((_, k) => k)
  const [first, second] = [a, b].map((axis) => axisOf('transpose', x.shape, axis))
  order[first!] = second!
  order[second!] = first!
  return permute(x, order)
}

/** Places of [outer, indices, inner] in a source [outer, length, inner]. */
function along(
  { outer, length, inner }: { outer: number; length: number; inner: number },
  indices: ArrayLike<number>,
): Picks {
  const places = new Int32Array(outer * indices.length * inner)
  let place = 0
  for (let o = 0; o < outer; o++)
    for (let k = 0; k < indices.length; k++)
      for (let i = 0; i < inner; i++)
        places[place++] = indices[k]! < 0 ? -1 : (o * length + indices[k]!) * inner + i
  return Picks.of(places, outer * length * inner)
}

const withLength = (shape: readonly number[], axis: number, n: number): number[] =>
  shape.map((old, k) => (k === axis ? n : old))

/** The given places of an axis, in the given order; a place may come more than once. */
export function take(x: Tensor, indices: ArrayLike<number>, axis = 0): Tensor {
  const at = axisOf('take', x.shape, axis)
  const view = around(x.shape, at)
  for (let k = 0; k < indices.length; k++) {
    const index = indices[k]!
    if (!Number.isInteger(index) || index < 0 || index >= view.length)
      throw new RangeError(
        `take: place ${k} asks for ${index}; axis ${at} of ${x} has 0 to ${view.length - 1}`,
      )
  }
  return pickFrom(x, along(view, indices), withLength(x.shape, at, indices.length))
}

/** From `start` to before `end` of an axis; negative numbers count from its end. */
export function slice(x: Tensor, start: number, end: number | undefined, axis = 0): Tensor {
  const at = axisOf('slice', x.shape, axis)
  const view = around(x.shape, at)
  const [from, to] = [start, end ?? view.length].map((n) =>
    Math.min(view.length, Math.max(0, n < 0 ? n + view.length : n)),
  ) as [number, number]
  if (!Number.isInteger(from) || !Number.isInteger(to))
    throw new RangeError(`slice: start and end must be whole numbers, got ${start} and ${end}`)
  const indices = Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k)
  const key = `slice ${x.shape} ${at} ${from} ${to}`
  return pickFrom(
    x,
    cached(key, () => along(view, indices)),
    withLength(x.shape, at, indices.length),
  )
}

/**
 * Tensors one after the other along an axis; all other lengths must be equal.
 * Source    torch.cat.   Tests  test/nn/shape.test.ts
 * @throws RangeError if the shapes do not fit, or there is none
 * @example  concatenate([tensor([1, 2]), tensor([3])]).shape // [3]
 */
export function concatenate(tensors: readonly Tensor[], axis = 0): Tensor {
  const [first] = tensors
  if (!first) throw new RangeError('concatenate: there must be at least one tensor, got none')
  const at = axisOf('concatenate', first.shape, axis)
  for (const one of tensors)
    if (String(withLength(one.shape, at, 0)) !== String(withLength(first.shape, at, 0)))
      throw new RangeError(
        `concatenate: ${first} and ${one} do not fit; but for axis ${at} their shapes must be equal`,
      )
  const { backend } = first
  const total = tensors.reduce((sum, { shape }) => sum + shape[at]!, 0)
  let start = 0
  const picks = tensors.map(({ shape }) => {
    const from = start
    start += shape[at]!
    return cached(`concatenate ${shape} ${at} ${from} ${total}`, () => {
      const indices = Array.from({ length: total }, (_, k) =>
        k >= from && k < from + shape[at]! ? k - from : -1,
      )
      return along(around(shape, at), indices)
    })
  })
  const joined = tensors
    .map(({ array }, k) => backend.pick(array, picks[k]!))
    .reduce((a, b) => {
      const [both] = backend.map(program('(a, b) => [a + b]'), [a, b])
      for (const one of [a, b]) backend.release(one)
      return both!
    })
  return first.record(joined, withLength(first.shape, at, total), tensors, (d) =>
    tensors.map(({ requiresGrad }, k) =>
      requiresGrad ? backend.pick(d, picks[k]!.transpose) : undefined,
    ),
  )
}
