import type { Backend, DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import { tidy } from '../backend/tidy.js'

/** One value of many arrays: of the values that `rule` gives for each of their elements, the sum or the largest; 0 without any. */
function over(
  backend: Backend,
  kind: 'sum' | 'max',
  arrays: readonly DeviceArray[],
  rule: string,
  ...others: DeviceArray[]
): DeviceArray {
  const tuples = arrays.filter(({ length }) => length > 0).map((array) => [array, ...others])
  return tuples.length ? backend.reduce(kind, program(rule), tuples) : backend.write([0])
}

/** The largest |x| that is finite; 0 without one. */
export const largestFinite = (backend: Backend, arrays: readonly DeviceArray[]): DeviceArray =>
  over(backend, 'max', arrays, '(x) => [Math.abs(x) < Infinity ? Math.abs(x) : 0]')

/** 1 if an element is NaN or infinite, else 0. */
export const anyNonFinite = (backend: Backend, arrays: readonly DeviceArray[]): DeviceArray =>
  over(backend, 'max', arrays, '(x) => [Math.abs(x) < Infinity ? 0 : 1]')

/** Of the largest value, the power of two below it: dividing by that rounds nothing, so 3 and 4 still give 5. */
export const safeScale = program(
  '(top) => [top > 0 ? Math.min(top, 2 ** Math.floor(Math.log(top) / Math.log(2))) : 1]',
)

/** For a high power, by which even a quotient of 2 would overflow. */
const exactScale = program('(top) => [top > 0 ? top : 1]')

/**
 * (Σ |x|ᵖ)^(1/p) over all arrays, or the largest |x| for Infinity. The values are divided by their largest before they are
 * raised to p, so the sum neither overflows nor vanishes. NaN and infinities come out as in plain arithmetic.
 * Where squares of float32 are taken in float64 (`euclid`) that needs no care.
 */
export function normOf(backend: Backend, arrays: readonly DeviceArray[], p: number): DeviceArray {
  if (p === 2 && backend.euclid) return backend.euclid(arrays)
  return tidy(backend, (here) => scaledNorm(here, arrays, p))
}

function scaledNorm(backend: Backend, arrays: readonly DeviceArray[], p: number): DeviceArray {
  const top = largestFinite(backend, arrays)
  if (p === Number.POSITIVE_INFINITY) {
    const rest = over(backend, 'sum', arrays, '(x) => [Math.abs(x) < Infinity ? 0 : Math.abs(x)]')
    return backend.map(program('(top, rest) => [top + rest]'), [top, rest])[0]!
  }
  const scale = backend.map(p <= 8 ? safeScale : exactScale, [top])[0]!
  const sum = over(backend, 'sum', arrays, `(x, scale) => [${powerOf(p)}]`, scale)
  const root = p === 2 ? 'Math.sqrt(sum)' : `sum ** ${1 / p}`
  return backend.map(program(`(sum, scale) => [scale * ${root}]`), [sum, scale])[0]!
}

const powerOf = (p: number): string =>
  p === 2 ? '(x / scale) ** 2' : `Math.abs(x / scale)${p === 1 ? '' : ` ** ${p}`}`
