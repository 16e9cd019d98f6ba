import type { Backend, DeviceArray } from '../backend/backend.js'

/** Of an array [outer, length, inner] the sums over both ends: one value for each place of the middle. A new array. */
export function sumMiddle(
  backend: Backend,
  array: DeviceArray,
  { outer, length, inner }: { outer: number; length: number; inner: number },
): DeviceArray {
  if (outer === 1) return backend.fold('sum', array, { length: inner, inner: 1 })
  const rows = backend.fold('sum', array, { length: outer, inner: length * inner })
  if (inner === 1) return rows
  const sums = backend.fold('sum', rows, { length: inner, inner: 1 })
  backend.release(rows)
  return sums
}
