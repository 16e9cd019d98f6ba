import type { Backend, DeviceArray } from '../backend/backend.js'
import { choice } from '../backend/options.js'
import { program } from '../backend/rule.js'
import { largestFinite, safeScale } from './norm.js'
import type { Tensor } from './tensor.js'

/**
 * What of a weight tensor belongs to one neuron. `rows`: all that has the same first index, as PyTorch's out × in weights have it.
 * `columns`: all that has the same last index (of three dimensions, the last two), as the in × out weights of JAX have it.
 * A vector or a scalar is one unit.
 */
export type Units = 'rows' | 'columns'

/** Options of what treats each unit of a tensor by itself. */
export interface UnitOptions {
  /** `rows` for out × in weights (PyTorch's, ours), `columns` for in × out. */
  units?: Units
}

export const unitChoice = choice<Units>('rows', 'columns')

/** A tensor cut into units: as the matrix whose rows, or columns, they are. */
export class UnitView {
  readonly #backend: Backend
  readonly #rows: number
  readonly #columns: number
  readonly #byRow: boolean

  constructor({ backend, shape, size }: Pick<Tensor, 'backend' | 'shape' | 'size'>, units: Units) {
    const vector = shape.length < 2
    this.#backend = backend
    this.#byRow = vector || units === 'rows'
    const last = shape.slice(shape.length === 3 ? 1 : -1).reduce((product, n) => product * n, 1)
    this.#rows = vector ? 1 : this.#byRow ? shape[0]! : size / last
    this.#columns = size / this.#rows
  }

  /** The sum of each unit. */
  sums(array: DeviceArray): DeviceArray {
    const [rows, columns] = [this.#rows, this.#columns]
    const axis = this.#byRow ? { length: columns, inner: 1 } : { length: rows, inner: columns }
    return this.#backend.fold('sum', array, axis)
  }

  /** The euclidean norm of each unit; the squares cannot overflow. */
  norms(array: DeviceArray): DeviceArray {
    const backend = this.#backend
    const [scale] = backend.map(safeScale, [largestFinite(backend, [array])])
    const [squares] = backend.map(program('(x, scale) => [(x / scale) ** 2]'), [array, scale!])
    const root = program('(sum, scale) => [scale * Math.sqrt(sum)]')
    return backend.map(root, [this.sums(squares!), scale!])[0]!
  }

  /** One value a unit, repeated for each element. */
  spread(values: DeviceArray): DeviceArray {
    if (values.length === 1) return values
    const repeat = [this.#byRow ? this.#columns : 1]
    const launch = { length: this.#rows * this.#columns, repeat }
    return this.#backend.map(program('(v) => [v]'), [values], launch)[0]!
  }
}
