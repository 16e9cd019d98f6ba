import { assemble, WasmFunction } from './wasm.js'

/**
 * Calls a function once for each row of a table, whose numbers are its arguments, 4 bytes each: (table, end). Of one that gives a
 * float64 the results go to the places from a third argument on.
 */
export function overRows(called: WasmFunction, index: number): WasmFunction {
  const f = new WasmFunction('rows', ['i32', 'i32', 'i32'])
  const [row, end, to] = [0, 1, 2]
  f.op('loop')
  if (called.result) f.get(to)
  for (const [k, type] of called.params.entries())
    f.get(row).loadPlain(type === 'f32' ? 'f32' : 'i32', k * 4)
  f.call(index)
  if (called.result) f.storePlain('f64').get(to).i32(8).op('i32.add').set(to)
  f.get(row)
    .i32(called.params.length * 4)
    .op('i32.add')
    .tee(row)
  return f.get(end).op('i32.lt_u').jumpIf(0).op('end')
}

/** Puts a mask on the stack: all bits of the lanes that are one of the `bytes` from `at` on. */
const maskEnd = (f: WasmFunction, bytes: number, at: number): WasmFunction =>
  f.get(bytes).get(at).op('i32.sub').op('i32x4.splat').integers(0, 4, 8, 12).op('i32x4.gt_s')

export type FoldKind = 'sum' | 'max'

/** Writes what a loop in steps of four folds its values with: the largest of each lane, or float64 sums of the lower and the upper two. */
export class FoldWriter {
  readonly #f: WasmFunction
  readonly #kind: FoldKind
  readonly #place: { bytes: number; at: number }
  readonly #totals: readonly number[]
  readonly #values: number

  /** Stands before the loop. `place`: variables that hold the bytes of the array, and how far the loop is. */
  constructor(f: WasmFunction, kind: FoldKind, place: { bytes: number; at: number }) {
    this.#f = f
    this.#kind = kind
    this.#place = place
    this.#values = f.local('v128')
    this.#totals = kind === 'sum' ? [f.local('v128'), f.local('v128')] : [f.local('v128')]
    if (kind === 'max') f.vector(Number.NEGATIVE_INFINITY).set(this.#totals[0]!)
  }

  /** Takes four values from the stack; those behind the end count as 0, or −∞. */
  take(): void {
    const [f, values, { bytes, at }] = [this.#f, this.#values, this.#place]
    f.set(values).get(at).i32(16).op('i32.add').get(bytes).op('i32.gt_u').op('if').get(values)
    if (this.#kind === 'max') f.vector(Number.NEGATIVE_INFINITY)
    maskEnd(f, bytes, at).op(this.#kind === 'max' ? 'v128.bitselect' : 'v128.and')
    f.set(values).op('end')
    for (const [half, total] of this.#totals.entries()) {
      f.get(values)
      if (half === 1) f.get(values).upper()
      if (this.#kind === 'sum') f.op('f64x2.promote_low_f32x4')
      f.get(total)
        .op(this.#kind === 'sum' ? 'f64x2.add' : 'f32x4.max')
        .set(total)
    }
  }

  /** Puts the result on the stack, as float64. */
  give(): void {
    const f = this.#f
    const [first, second] = this.#totals as [number, number?]
    if (second !== undefined) {
      f.get(first).get(second).op('f64x2.add').tee(first).lane64(0).get(first).lane64(1)
      f.op('f64.add')
      return
    }
    f.get(first).lane(0)
    for (const lane of [1, 2, 3]) f.get(first).lane(lane).op('f32.max')
    f.op('f64.promote_f32')
  }
}

/** A module whose `rows` gives Σx² of each array of a table (bytes, address), squared and added up in float64. */
export function squaresModule(): Uint8Array<ArrayBuffer> {
  const squares = sumOfSquares()
  return assemble([squares, overRows(squares, 0)])
}

/** How its rows are run: a square and two sums take as long as this part of a step of AdamW. */
export const squaresRun = { width: 2, cost: 0.15, results: true }

/** Eight elements a turn, in four sums that need not wait for each other; then four at a time. */
function sumOfSquares(): WasmFunction {
  const f = new WasmFunction('squares', ['i32', 'i32'], 'f64')
  const [bytes, from] = [0, 1]
  const [at, x] = [f.local('i32'), f.local('v128')]
  const sums = [0, 1, 2, 3].map(() => f.local('v128'))
  const add = (sum: number) => f.tee(x).get(x).op('f64x2.mul').get(sum).op('f64x2.add').set(sum)
  const take = (offset: number, low: number, high: number, masked: boolean) => {
    const values = f.local('v128')
    f.get(from).get(at).op('i32.add').load(offset)
    if (masked) maskEnd(f, bytes, at).op('v128.and')
    f.tee(values).op('f64x2.promote_low_f32x4')
    add(low)
    f.get(values).get(values).upper().op('f64x2.promote_low_f32x4')
    add(high)
  }
  f.op('block').get(bytes).i32(32).op('i32.lt_u').jumpIf(0).op('loop')
  take(0, sums[0]!, sums[1]!, false)
  take(16, sums[2]!, sums[3]!, false)
  f.get(at).i32(32).op('i32.add').tee(at).i32(32).op('i32.add').get(bytes).op('i32.le_u')
  f.jumpIf(0).op('end').op('end')
  f.op('block').get(at).get(bytes).op('i32.ge_u').jumpIf(0).op('loop')
  take(0, sums[0]!, sums[1]!, true)
  f.get(at).i32(16).op('i32.add').tee(at).get(bytes).op('i32.lt_u').jumpIf(0).op('end').op('end')
  for (const sum of sums) f.get(sum)
  f.op('f64x2.add').op('f64x2.add').op('f64x2.add').tee(x).lane64(0)
  return f.get(x).lane64(1).op('f64.add')
}
