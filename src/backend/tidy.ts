import type { Backend, DeviceArray } from './backend.js'

/** Frees all arrays that `compute` makes on the backend it is given, but for those that it returns. */
export function tidy<Result extends DeviceArray | readonly DeviceArray[]>(
  backend: Backend,
  compute: (backend: Backend) => Result,
): Result {
  const made = new Set<DeviceArray>()
  const note = (array: DeviceArray): DeviceArray => {
    made.add(array)
    return array
  }
  const result = compute({
    name: backend.name,
    write: (values) => note(backend.write(values)),
    read: (array) => backend.read(array),
    readSync: (array, caller) => backend.readSync(array, caller),
    map: (program, inputs, launch) => backend.map(program, inputs, launch).map(note),
    mapEach: (program, launches) =>
      backend.mapEach(program, launches).map((outputs) => outputs.map(note)),
    fold: (kind, array, axis) => note(backend.fold(kind, array, axis)),
    ...(backend.euclid && { euclid: (arrays) => note(backend.euclid!(arrays)) }),
    ...(backend.reduceEach && {
      reduceEach: (kind, program, launches) =>
        backend.reduceEach!(kind, program, launches).map(note),
    }),
    reduce: (kind, program, tuples, hypers) => note(backend.reduce(kind, program, tuples, hypers)),
    matmul: (a, b, product, finish) => note(backend.matmul(a, b, product, finish)),
    pick: (array, picks) => note(backend.pick(array, picks)),
    uniform: (length, place) => note(backend.uniform(length, place)),
    park: (array) => backend.park(array),
    release(array) {
      made.delete(array)
      backend.release(array)
    },
  })
  for (const array of Array.isArray(result) ? result : [result]) made.delete(array)
  for (const array of made) backend.release(array)
  return result
}
