import type { Backend, DeviceArray } from '../backend/backend.js'
import { Picks } from '../backend/picks.js'
import { program } from '../backend/rule.js'
import { cached } from './cached.js'
import { sumMiddle } from './middle.js'
import { sizeOf } from './sizes.js'

type Shape = readonly number[]

/** The shape that both have when lengths of 1 are repeated, from the last dimension backwards, as in NumPy; undefined if they do not fit. */
export function broadcastShape(a: Shape, b: Shape): Shape | undefined {
  if (sameShape(a, b)) return a
  const shape: number[] = []
  for (let k = 1; k <= Math.max(a.length, b.length); k++) {
    const [x, y] = [a.at(-k) ?? 1, b.at(-k) ?? 1]
    if (k <= a.length && k <= b.length && x !== y && x !== 1 && y !== 1) return undefined
    shape.unshift(x === 1 ? y : x)
  }
  return shape
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((n, k) => n === b[k])

/** How the elements of one shape are repeated to fill another: [outer, length, inner], as they are, all from one, or listed one by one. */
type Repetition = { outer: number; length: number; inner: number } | 'same' | 'one' | 'listed'

function repetition(from: Shape, to: Shape): Repetition {
  if (sizeOf(from) === sizeOf(to)) return 'same'
  if (sizeOf(from) === 1) return 'one'
  const parts = { outer: 1, length: 1, inner: 1 }
  let at: keyof typeof parts = 'inner'
  for (let k = 1; k <= to.length; k++) {
    const n = to.at(-k)!
    if (n === 1) continue
    const repeated = (from.at(-k) ?? 1) !== n
    if (!repeated && at === 'inner') at = 'length'
    if (repeated && at === 'length') at = 'outer'
    if (!repeated && at === 'outer') return 'listed'
    parts[at] *= n
  }
  return parts
}

/** For each place of `to` the element of `from` that is there. */
const picksOf = (from: Shape, to: Shape): Picks =>
  cached(`broadcast ${from} ${to}`, () => {
    const indices = new Int32Array(sizeOf(to))
    for (let place = 0; place < indices.length; place++) {
      let [rest, index, stride] = [place, 0, 1]
      for (let k = 1; k <= to.length; k++) {
        const [n, own] = [to.at(-k)!, from.at(-k) ?? 1]
        if (own !== 1) index += (rest % n) * stride
        rest = Math.floor(rest / n)
        stride *= own
      }
      indices[place] = index
    }
    return Picks.of(indices, sizeOf(from))
  })

/** An array as `map` reads it beside arrays of another shape. `made`: it is a new one, to be freed after use. */
interface Fitted {
  readonly array: DeviceArray
  readonly repeat: number | undefined
  readonly made: boolean
}

export function fitTo(backend: Backend, array: DeviceArray, from: Shape, to: Shape): Fitted {
  const way = repetition(from, to)
  if (way === 'same' || way === 'one') return { array, repeat: undefined, made: false }
  if (way === 'listed')
    return { array: backend.pick(array, picksOf(from, to)), repeat: undefined, made: true }
  return { array, repeat: way.inner, made: false }
}

/** The way back: the gradients of all places that came from one element, added up. A new array, unless the shapes hold the same number of elements. */
export function sumBack(
  backend: Backend,
  gradient: DeviceArray,
  from: Shape,
  to: Shape,
): DeviceArray {
  const way = repetition(from, to)
  if (way === 'same') return gradient
  if (way === 'one') return backend.fold('sum', gradient)
  if (way === 'listed') return backend.pick(gradient, picksOf(from, to).transpose)
  return sumMiddle(backend, gradient, way)
}

/** The values repeated to fill another shape: always a new array. */
export function repeated(
  backend: Backend,
  array: DeviceArray,
  from: Shape,
  to: Shape,
): DeviceArray {
  const fitted = fitTo(backend, array, from, to)
  if (fitted.made) return fitted.array
  const launch = { length: sizeOf(to), repeat: [fitted.repeat] }
  return backend.map(copy, [array], launch)[0]!
}

const copy = program('(a) => [a]')
