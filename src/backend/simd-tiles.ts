import type { MatrixProduct } from './backend.js'
import { tileColumns, tileRows } from './simd-kernels.js'
import type { Kernels } from './simd-layers.js'

/** Addresses of a, b and the product, and the bytes from one row of a to the next, and from one column. */
interface Places {
  a: number
  b: number
  c: number
  rowOfA: number
  columnOfA: number
}

/** Covers a product with tiles: as many high and wide ones as fit, the edges with smaller ones. */
export function multiply(
  kernels: Kernels,
  { rows, inner, columns }: MatrixProduct,
  { a, b, c, rowOfA, columnOfA }: Places,
): void {
  const rowOfC = columns * 4
  let row = 0
  for (const height of tileRows) {
    const high = rows - row - ((rows - row) % height)
    let column = 0
    for (const width of tileColumns) {
      const wide = columns - column - ((columns - column) % width)
      if (high > 0 && wide > 0)
        kernels[`tile${height}x${width}`]!(
          a + row * rowOfA,
          b + column * 4,
          c + row * rowOfC + column * 4,
          high * rowOfC,
          inner,
          wide * 4,
          rowOfA,
          columnOfA,
          rowOfC,
          rowOfC,
        )
      column += wide
    }
    row += high
  }
}
