import type { Tensor } from '../nn/tensor.js'

/** Rows and columns of a matrix. @throws RangeError for another shape */
export function checkMatrix(owner: string, tensor: Tensor): [rows: number, columns: number] {
  const [rows, columns, ...more] = tensor.shape
  if (rows === undefined || columns === undefined || more.length > 0)
    throw new RangeError(`${owner}: each must be a matrix, got ${tensor}`)
  return [rows, columns]
}
