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
    const parts = tuples.map((inputs) => {
      const [values] = backend.map(each, inputs, { hypers })
      const folded = backend.fold(kind, values!)
      backend.release(values!)
      return folded
    })
    return plain.join(backend, kind, parts)
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

  /** One value of arrays with one each, which are freed. */
  join: (
    backend: Pick<Backend, 'map' | 'release'>,
    kind: 'sum' | 'max',
    parts: readonly DeviceArray[],
  ): DeviceArray =>
    parts.reduce((a, b) => {
      const [both] = backend.map(join[kind], [a, b])
      backend.release(a)
      backend.release(b)
      return both!
    }),

  /** `repeat` of an array beside a product: its values are one a column, unless it is as long as the product. */
  rowOf: (length: number, whole: number, columns: number): number | undefined =>
    length === columns && length !== whole ? 1 : undefined,

  finish(
    backend: Pick<Backend, 'map' | 'release'>,
    made: DeviceArray,
    { columns }: MatrixProduct,
    { program: each, inputs, hypers = {} }: Finish,
  ): DeviceArray {
    const repeat = [made, ...inputs].map(({ length }) => plain.rowOf(length, made.length, columns))
    const launch = { length: made.length, repeat, hypers }
    const [result] = backend.map(each, [made, ...inputs], launch)
    backend.release(made)
    return result!
  },
}
