import type { FoldKind as Kind } from './simd-rows.js'
import { WasmFunction } from './wasm.js'

/** Takes four float32, in the variable `values`, into a fold: a maximum, or float64 sums of the lower and the upper two. */
function take(f: WasmFunction, kind: Kind, values: number, [low, high]: readonly number[]): void {
  if (kind === 'max') {
    f.get(values).get(low!).op('f32x4.max').set(low!)
    return
  }
  f.get(values).op('f64x2.promote_low_f32x4').get(low!).op('f64x2.add').set(low!)
  f.get(values).get(values).upper().op('f64x2.promote_low_f32x4')
  f.get(high!).op('f64x2.add').set(high!)
}

/** Variables for folds of `vectors` vectors: of each one (max) or two (sum). */
const totalsFor = (f: WasmFunction, kind: Kind, vectors: number): number[][] =>
  Array.from({ length: vectors }, () =>
    Array.from({ length: kind === 'sum' ? 2 : 1 }, () => f.local('v128')),
  )

const clear = (f: WasmFunction, kind: Kind, totals: readonly number[][]): void => {
  for (const total of totals.flat())
    f.vector(kind === 'sum' ? 0 : Number.NEGATIVE_INFINITY).set(total)
}

/**
 * Folds each of `rows` rows of `bytes` to one float32: (from, to, rows, bytes). Sums are of float64. Neither rows nor bytes may be 0.
 * Eight values a turn, in sums that need not wait for each other; then four; then those that are left over, by a mask.
 */
function foldRows(kind: Kind): WasmFunction {
  const f = new WasmFunction(`${kind}Rows`, ['i32', 'i32', 'i32', 'i32'])
  const [from, to, rows, bytes] = [0, 1, 2, 3]
  const [end, mask, values] = [f.local('i32'), f.local('v128'), f.local('v128')]
  const totals = totalsFor(f, kind, 2)
  const load = (offset: number) => f.get(from).load(offset).set(values)
  const forward = (step: number) => f.get(from).i32(step).op('i32.add').set(from)
  f.get(bytes).i32(12).op('i32.and').op('i32x4.splat').integers(0, 4, 8, 12).op('i32x4.gt_s')
  f.set(mask)
  f.op('loop')
  clear(f, kind, totals)
  f.get(from).get(bytes).i32(-32).op('i32.and').op('i32.add').set(end)
  f.op('block').get(from).get(end).op('i32.eq').jumpIf(0).op('loop')
  for (const [k, total] of totals.entries()) {
    load(k * 16)
    take(f, kind, values, total)
  }
  forward(32).get(from).get(end).op('i32.lt_u').jumpIf(0).op('end').op('end')
  f.get(bytes).i32(16).op('i32.and').op('if')
  load(0)
  take(f, kind, values, totals[0]!)
  forward(16).op('end')
  f.get(bytes).i32(12).op('i32.and').op('if')
  f.get(from).load()
  if (kind === 'max') f.vector(Number.NEGATIVE_INFINITY)
  f.get(mask)
    .op(kind === 'max' ? 'v128.bitselect' : 'v128.and')
    .set(values)
  take(f, kind, values, totals[1]!)
  f.get(from).get(bytes).i32(12).op('i32.and').op('i32.add').set(from).op('end')
  f.get(to)
  if (kind === 'sum') addUp(f, totals.flat())
  else largest(f, totals.flat())
  f.storePlain('f32').get(to).i32(4).op('i32.add').set(to)
  return f.get(rows).i32(-1).op('i32.add').tee(rows).jumpIf(0).op('end')
}

/** Leaves the float32 nearest to what the float64 lanes add up to. */
function addUp(f: WasmFunction, [a, b, c, d]: readonly number[]): void {
  f.get(a!).get(b!).op('f64x2.add').get(c!).get(d!).op('f64x2.add').op('f64x2.add')
  f.tee(a!).lane64(0).get(a!).lane64(1).op('f64.add').op('f32.demote_f64')
}

function largest(f: WasmFunction, [a, b]: readonly number[]): void {
  f.get(a!).get(b!).op('f32x4.max').tee(a!).lane(0)
  for (const lane of [1, 2, 3]) f.get(a!).lane(lane).op('f32.max')
}

/**
 * Folds the rows of each [length, inner] of an array together: (from, to, outer, length, bytes of a row). No argument may be 0.
 * Sixteen columns at a time, then four; the last four may be written past the end of a row, before the next one is.
 */
function foldColumns(kind: Kind): WasmFunction {
  const f = new WasmFunction(`${kind}Columns`, ['i32', 'i32', 'i32', 'i32', 'i32'])
  const [from, to, outer, length, bytes] = [0, 1, 2, 3, 4]
  const [column, at, k] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const values = f.local('v128')
  const totals = totalsFor(f, kind, 4)
  const columns = (vectors: number) => {
    const used = totals.slice(0, vectors)
    clear(f, kind, used)
    f.get(from).get(column).op('i32.add').set(at).get(length).set(k).op('loop')
    for (const [v, total] of used.entries()) {
      f.get(at)
        .load(v * 16)
        .set(values)
      take(f, kind, values, total)
    }
    f.get(at).get(bytes).op('i32.add').set(at)
    f.get(k).i32(-1).op('i32.add').tee(k).jumpIf(0).op('end')
    for (const [v, [low, high]] of used.entries()) {
      f.get(to).get(column).op('i32.add').get(low!)
      if (kind === 'sum')
        f.op('f32x4.demote_f64x2_zero').get(high!).op('f32x4.demote_f64x2_zero').shuffle(0, 1, 4, 5)
      f.store(v * 16)
    }
    f.get(column)
      .i32(vectors * 16)
      .op('i32.add')
      .set(column)
  }
  f.op('loop').i32(0).set(column)
  f.op('block').get(bytes).i32(64).op('i32.lt_u').jumpIf(0).op('loop')
  columns(4)
  f.get(column).i32(64).op('i32.add').get(bytes).op('i32.le_u').jumpIf(0).op('end').op('end')
  f.op('block').get(column).get(bytes).op('i32.ge_u').jumpIf(0).op('loop')
  columns(1)
  f.get(column).get(bytes).op('i32.lt_u').jumpIf(0).op('end').op('end')
  f.get(from).get(length).get(bytes).op('i32.mul').op('i32.add').set(from)
  f.get(to).get(bytes).op('i32.add').set(to)
  return f.get(outer).i32(-1).op('i32.add').tee(outer).jumpIf(0).op('end')
}

/** `sumRows`, `maxRows`, `sumColumns`, `maxColumns`. */
export const folds = (): WasmFunction[] => [
  foldRows('sum'),
  foldRows('max'),
  foldColumns('sum'),
  foldColumns('max'),
]
