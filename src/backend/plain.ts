import type { Backend, DeviceArray, Finish, Launch, MatrixProduct } from './backend.js'
import { type Program, program } from './rule.js'

const join = {
  sum: program('(a, b) => [a + b]'),
  max: program('(a, b) => [Math.max(a, b)]'),
}

/** `mapEach`, `reduce`, `reduceEach` and a finished product, made of `map`, `fold` and `matmul`: for backends that have nothing faster. */
export const plain = {
  mapEach: (
    backend: Pick<Backend, 'map'>,
    each: Program,
    launches: readonly { inputs: readonly DeviceArray[]; launch?: Launch }[],
  ): DeviceArray[][] => launches.map(({ inputs, launch }) => backend.map(each, inputs, launch)),

  reduce(
    backend: Pick<Backend, 'map' | 'fold' | 'release'>,
    kind: 'sum' | 'max',
    each: Program,
    tuples: readonly (readonly DeviceArray[])[],
    hypers: Readonly<Record<string, number>> = {},
  ): DeviceArray {
    const free = (array: DeviceArray, result: DeviceArray) => {
      backend.release(array)
      return result
    }
    return tuples
      .map((inputs) => {
        const [values] = backend.map(each, inputs, { hypers })
        return free(values!, backend.fold(kind, values!))
      })
      .reduce((a, b) => {
        const [both] = backend.map(join[kind], [a, b])
        backend.release(a)
        return free(b, both!)
      })
  },

  reduceEach: (
    backend: Backend,
    kind: 'sum' | 'max',
    each: Program,
    launches: readonly { inputs: readonly DeviceArray[]; launch?: Launch }[],
  ): DeviceArray[] =>
    backend.reduceEach?.(kind, each, launches) ??
    launches.map(({ inputs, launch: { hypers = {}, length } = {} }) => {
      const own = length === undefined ? { hypers } : { hypers, length }
      const [terms] = backend.map(each, inputs, own)
      const total = backend.fold(kind, terms!)
      backend.release(terms!)
      return total
    }),

  finish(
    backend: Pick<Backend, 'map' | 'release'>,
    made: DeviceArray,
    { columns }: MatrixProduct,
    { program: each, inputs, hypers = {} }: Finish,
  ): DeviceArray {
    const repeat = [made, ...inputs].map(({ length }) =>
      length === columns && length !== made.length ? 1 : undefined,
    )
    const launch = { length: made.length, repeat, hypers }
    const [result] = backend.map(each, [made, ...inputs], launch)
    backend.release(made)
    return result!
  },
}
