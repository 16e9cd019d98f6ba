import type { Backend } from '../backend/backend.js'
import { currentBackend } from '../backend/use.js'
import { noteMade } from './recording.js'
import { Tensor, type TensorOptions } from './tensor.js'

/** A number, a vector or a matrix of numbers, row by row. */
export type Numbers = number | ArrayLike<number> | readonly (readonly number[])[]

function shapeOf(values: Numbers): { shape: number[]; flat: ArrayLike<number> } {
  if (typeof values === 'number') return { shape: [], flat: [values] }
  if (typeof values !== 'object' || values === null)
    throw new TypeError(`tensor: expected a number, a list or a matrix, got ${typeof values}`)
  const rows = values as readonly (readonly number[])[]
  if (!Array.isArray(rows[0])) return { shape: [rows.length], flat: values as ArrayLike<number> }
  const columns = rows[0].length
  for (const [k, row] of rows.entries()) {
    if (!Array.isArray(row))
      throw new TypeError(`tensor: row ${k} is ${typeof row}, row 0 is a list`)
    if (row.length !== columns)
      throw new RangeError(`tensor: row ${k} has ${row.length} values, row 0 has ${columns}`)
  }
  return { shape: [rows.length, columns], flat: rows.flat() }
}

/** Refuses what would silently become NaN, or null, which would become 0. */
function checkNumbers(values: ArrayLike<number>): void {
  if (!Array.isArray(values)) return
  const odd = values.findIndex((value) => typeof value !== 'number')
  if (odd < 0) return
  const value = values[odd] as unknown
  throw new TypeError(
    typeof value === 'object' && value !== null
      ? `tensor: value ${odd} is a list; more than two dimensions are a flat list and their shape, { shape: [2, 2, 2] }`
      : `tensor: value ${odd} is ${JSON.stringify(value)}, not a number`,
  )
}

/** Numbers without a gradient. `shape` folds a flat list: `tensor([1, 2, 3, 4], { shape: [2, 2] })`. */
export function tensor(
  values: Numbers,
  options: TensorOptions & { shape?: readonly number[]; on?: Backend } = {},
): Tensor {
  const { on = currentBackend() } = options
  const { shape: own, flat } = shapeOf(values)
  checkNumbers(flat)
  const shape = [...(options.shape ?? own)]
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0))
    throw new RangeError(
      `tensor: each length of a shape must be a whole number ≥ 0, got [${shape.join(', ')}]`,
    )
  const size = shape.reduce((product, n) => product * n, 1)
  if (size !== flat.length)
    throw new RangeError(
      `tensor: shape [${shape.join(', ')}] holds ${size} values, got ${flat.length}`,
    )
  const made = new Tensor(on, on.write(flat), shape, options)
  noteMade(made)
  return made
}

/**
 * A tensor that an optimizer may move: `backward()` fills its `grad`.
 * @example const x = parameter([2], { name: 'x' }); x.mul(x).sum().backward(); await x.grad?.data()   // [4]
 */
export function parameter(
  values: Numbers,
  options: TensorOptions & { shape?: readonly number[]; on?: Backend } = {},
): Tensor {
  return tensor(values, { requiresGrad: true, ...options })
}
