import { folds } from './simd-fold.js'
import { picking } from './simd-pick.js'
import { uniform } from './simd-uniform.js'
import { assemble, WasmFunction } from './wasm.js'

/** Heights and widths of the tiles of a product: large ones first, what is left over by the small ones. */
export const tileRows = [4, 1] as const
export const tileColumns = [8, 4, 1] as const

/**
 * C ← A·B in tiles of `height` × `width`, which stay in registers along the inner length. All are bytes but `inner`:
 * (a, b, c, rows, inner, columns, rowOfA, columnOfA, rowOfB, rowOfC), where rows counts in rowOfC.
 */
function tile(height: number, width: number): WasmFunction {
  const f = new WasmFunction(
    `tile${height}x${width}`,
    Array.from({ length: 10 }, () => 'i32'),
  )
  const [a, b, c, rows, inner, columns, rowOfA, columnOfA, rowOfB, rowOfC] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ] as const
  const make = (type: 'i32' | 'v128', count: number) =>
    Array.from({ length: count }, () => f.local(type))
  const vectors = Math.ceil(width / 4)
  const [row, column, k, fromA, fromB, to] = make('i32', 6) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const lefts = make('i32', height)
  const totals = make('v128', height * vectors)
  const rights = make('v128', vectors)
  const left = f.local('v128')
  f.get(a).set(fromA).op('loop')
  f.i32(0).set(column).op('loop')
  for (const total of totals) f.vector(0).set(total)
  for (const [r, pointer] of lefts.entries()) {
    if (r === 0) f.get(fromA).set(pointer)
    else
      f.get(lefts[r - 1]!)
        .get(rowOfA)
        .op('i32.add')
        .set(pointer)
  }
  f.get(b).get(column).op('i32.add').set(fromB).i32(0).set(k)
  f.op('block').get(inner).i32(1).op('i32.lt_u').jumpIf(0).op('loop')
  for (const [v, right] of rights.entries()) {
    f.get(fromB)
    if (width === 1) f.loadSplat()
    else f.load(v * 16)
    f.set(right)
  }
  for (const [r, pointer] of lefts.entries()) {
    f.get(pointer).loadSplat().set(left).get(pointer).get(columnOfA).op('i32.add').set(pointer)
    for (const [v, right] of rights.entries()) {
      const total = totals[r * vectors + v]!
      f.get(left).get(right).op('f32x4.mul').get(total).op('f32x4.add').set(total)
    }
  }
  f.get(fromB).get(rowOfB).op('i32.add').set(fromB)
  f.get(k).i32(1).op('i32.add').tee(k).get(inner).op('i32.lt_u').jumpIf(0).op('end').op('end')
  f.get(c).get(row).op('i32.add').get(column).op('i32.add').set(to)
  for (let r = 0; r < height; r++) {
    for (let v = 0; v < vectors; v++) {
      f.get(to).get(totals[r * vectors + v]!)
      if (width === 1) f.storeFirst()
      else f.store(v * 16)
    }
    f.get(to).get(rowOfC).op('i32.add').set(to)
  }
  f.get(column)
    .i32(width * 4)
    .op('i32.add')
    .tee(column)
    .get(columns)
    .op('i32.lt_u')
    .jumpIf(0)
  f.op('end')
  f.get(fromA).get(rowOfA).i32(height).op('i32.mul').op('i32.add').set(fromA)
  f.get(row).get(rowOfC).i32(height).op('i32.mul').op('i32.add').tee(row)
  f.get(rows).op('i32.lt_u').jumpIf(0).op('end')
  return f
}

/** to[column][row] ← from[row][column]: (from, to, rows, columns), in bytes; neither may be 0. */
function transpose(): WasmFunction {
  const f = new WasmFunction('transpose', ['i32', 'i32', 'i32', 'i32'])
  const [from, to, rows, columns] = [0, 1, 2, 3]
  const [row, column, target] = [f.local('i32'), f.local('i32'), f.local('i32')]
  f.op('loop').i32(0).set(column).get(to).get(row).op('i32.add').set(target).op('loop')
  f.get(target).get(from).loadSplat().storeFirst()
  f.get(from).i32(4).op('i32.add').set(from).get(target).get(rows).op('i32.add').set(target)
  f.get(column).i32(4).op('i32.add').tee(column).get(columns).op('i32.lt_u').jumpIf(0).op('end')
  f.get(row).i32(4).op('i32.add').tee(row).get(rows).op('i32.lt_u').jumpIf(0).op('end')
  return f
}

/** What does not depend on a program: folds, picks, `uniform`, `transpose` and the tiles `tile4x8` … `tile1x1`. */
export function kernelModule(): Uint8Array<ArrayBuffer> {
  const tiles = tileRows.flatMap((height) => tileColumns.map((width) => tile(height, width)))
  return assemble([...folds(), ...picking(), uniform(), transpose(), ...tiles])
}
