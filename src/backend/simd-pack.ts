import { WasmFunction } from './wasm.js'

/** Columns of a panel. */
export const panel = 8

/**
 * Copies columns of a matrix into panels of eight, which lie one after another, row by row: (from, to, bytes of a row, rows, bytes of the
 * columns). What lies right of the last column comes along.
 */
function pack(): WasmFunction {
  const f = new WasmFunction('pack', ['i32', 'i32', 'i32', 'i32', 'i32'])
  const [from, to, row, rows, columns] = [0, 1, 2, 3, 4]
  const [column, at, k] = [f.local('i32'), f.local('i32'), f.local('i32')]
  f.op('loop').get(from).get(column).op('i32.add').set(at).get(rows).set(k).op('loop')
  for (const offset of [0, 16]) f.get(to).get(at).load(offset).store(offset)
  f.get(to)
    .i32(panel * 4)
    .op('i32.add')
    .set(to)
    .get(at)
    .get(row)
    .op('i32.add')
    .set(at)
  f.get(k).i32(-1).op('i32.add').tee(k).jumpIf(0).op('end')
  f.get(column)
    .i32(panel * 4)
    .op('i32.add')
    .tee(column)
    .get(columns)
    .op('i32.lt_u')
    .jumpIf(0)
  return f.op('end')
}

/** Four vectors from four addresses, turned: the first of each, the second of each, … */
function turnFour(f: WasmFunction, pointers: readonly number[], [a, b, c, d]: readonly number[]) {
  const [p, q, r, s] = pointers as [number, number, number, number]
  f.get(p).load().get(q).load().shuffle(0, 4, 1, 5).set(a!)
  f.get(r).load().get(s).load().shuffle(0, 4, 1, 5).set(b!)
  f.get(p).load().get(q).load().shuffle(2, 6, 3, 7).set(c!)
  f.get(r).load().get(s).load().shuffle(2, 6, 3, 7).set(d!)
  return [
    () => f.get(a!).get(b!).shuffle(0, 1, 4, 5),
    () => f.get(a!).get(b!).shuffle(2, 3, 6, 7),
    () => f.get(c!).get(d!).shuffle(0, 1, 4, 5),
    () => f.get(c!).get(d!).shuffle(2, 3, 6, 7),
  ]
}

/** The smaller of two addresses. */
const smaller = (f: WasmFunction, x: number, y: number) =>
  f.get(x).get(y).get(x).get(y).op('i32.lt_u').op('select')

/**
 * Packs the columns of a matrix that lies transposed: (from, to, bytes from one column to the next, rows, columns). Where a panel has
 * fewer than eight columns, the last one is repeated. Up to 24 floats are written past the end.
 */
function packTurned(): WasmFunction {
  const f = new WasmFunction('packTurned', ['i32', 'i32', 'i32', 'i32', 'i32'])
  const [from, to, step, rows, columns] = [0, 1, 2, 3, 4]
  const [k, at, last] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const pointers = Array.from({ length: panel }, () => f.local('i32'))
  const turned = [0, 1, 2, 3].map(() => f.local('v128'))
  f.get(from).get(columns).i32(-1).op('i32.add').get(step).op('i32.mul').op('i32.add').set(last)
  f.op('loop')
  for (const [j, pointer] of pointers.entries()) {
    if (j === 0) f.get(from).set(pointer)
    else {
      f.get(pointers[j - 1]!)
        .get(step)
        .op('i32.add')
        .set(pointer)
      smaller(f, pointer, last).set(pointer)
    }
  }
  f.get(to).set(at).i32(0).set(k).op('loop')
  for (const half of [0, 1]) {
    const four = turnFour(f, pointers.slice(half * 4, half * 4 + 4), turned)
    for (const [r, put] of four.entries()) {
      f.get(at)
      put()
      f.store(r * panel * 4 + half * 16)
    }
  }
  for (const pointer of pointers) f.get(pointer).i32(16).op('i32.add').set(pointer)
  f.get(at)
    .i32(4 * panel * 4)
    .op('i32.add')
    .set(at)
  f.get(k).i32(4).op('i32.add').tee(k).get(rows).op('i32.lt_u').jumpIf(0).op('end')
  f.get(to)
    .get(rows)
    .i32(panel * 4)
    .op('i32.mul')
    .op('i32.add')
    .set(to)
  f.get(from).get(step).i32(panel).op('i32.mul').op('i32.add').tee(from)
  return f.get(last).op('i32.le_u').jumpIf(0).op('end')
}

/** to[column][row] ← from[row][column]: (from, to, rows, columns), four or more of each; blocks of 4 × 4 that overlap at the edges. */
function turn(): WasmFunction {
  const f = new WasmFunction('turn', ['i32', 'i32', 'i32', 'i32'])
  const [from, to, rows, columns] = [0, 1, 2, 3]
  const [row, column, at] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const pointers = [0, 1, 2, 3].map(() => f.local('i32'))
  const turned = [0, 1, 2, 3].map(() => f.local('v128'))
  const [lastRow, lastColumn] = [f.local('i32'), f.local('i32')]
  /** The next block; jumps to the start of the loop that is `depth` up, unless this was the last one. */
  const next = (place: number, last: number) => {
    f.op('block').get(place).get(last).op('i32.eq').jumpIf(0)
    f.get(place).i32(4).op('i32.add').set(place)
    smaller(f, place, last).set(place).i32(1).jumpIf(1).op('end')
  }
  f.get(rows).i32(-4).op('i32.add').set(lastRow).get(columns).i32(-4).op('i32.add').set(lastColumn)
  f.op('loop').i32(0).set(column).op('loop')
  f.get(from).get(row).get(columns).op('i32.mul').get(column).op('i32.add').i32(2).op('i32.shl')
  f.op('i32.add').set(pointers[0]!)
  for (const k of [1, 2, 3])
    f.get(pointers[k - 1]!)
      .get(columns)
      .i32(2)
      .op('i32.shl')
      .op('i32.add')
      .set(pointers[k]!)
  f.get(to).get(column).get(rows).op('i32.mul').get(row).op('i32.add').i32(2).op('i32.shl')
  f.op('i32.add').set(at)
  for (const put of turnFour(f, pointers, turned)) {
    f.get(at)
    put()
    f.store().get(at).get(rows).i32(2).op('i32.shl').op('i32.add').set(at)
  }
  next(column, lastColumn)
  f.op('end')
  next(row, lastRow)
  return f.op('end')
}

/** `pack`, `packTurned` and `turn`. */
export const packing = (): WasmFunction[] => [pack(), packTurned(), turn()]
