import type { Block, SimdMemory } from './simd-memory.js'
import { leastPiece, leastShared } from './simd-pieces.js'

/** Calls a function for each row from `table` to `end`; float64 results go to the places from `results` on. */
export type Rows = (table: number, end: number, results: number) => void

const nothing = new Float64Array()

/** The table of a launch: rows of numbers, 4 bytes each, and room for results behind them. */
export class SimdTable {
  /** Rows are written here first, for while they are made the memory may grow. */
  floats = new Float32Array(256)
  /** The same bytes. */
  ints = new Int32Array(this.floats.buffer)
  #block: Block | undefined

  constructor(readonly memory: SimdMemory) {}

  /** Makes room for so many numbers and, behind them, for results: the address. */
  reserve(rows: number, results: number): number {
    const length = rows + results + 2
    if (this.floats.length < length) {
      this.floats = new Float32Array(length * 2)
      this.ints = new Int32Array(this.floats.buffer)
    }
    if (!this.#block || this.#block.floats < length) {
      if (this.#block) this.memory.free(this.#block)
      this.#block = undefined
      this.#block = this.memory.allocate(length)
    }
    return this.#block.at
  }

  /** Runs the first `length` numbers as rows of `width`; of which an element takes `cost`; gives a float64 of each row if asked to, valid until the next run. */
  run(
    functions: { rows: Rows },
    length: number,
    { width, cost, results = false }: { width: number; cost: number; results?: boolean },
  ): Float64Array {
    const { at } = this.#block!
    this.memory.floats.set(this.floats.subarray(0, length), at / 4)
    const end = at + length * 4
    const behind = end + (end % 8)
    const calls = this.memory.team ? this.#calls(length, width, behind, cost / 4) : []
    if (calls.length > 3)
      this.memory.team!.run(functions as unknown as WebAssembly.Exports, 'rows', calls, 3)
    else if (length) functions.rows(at, end, behind)
    return results ? new Float64Array(this.memory.memory.buffer, behind, length / width) : nothing
  }

  /** The rows in runs that are long enough to be claimed by a thread; each row begins with its bytes. None where too little is to do. */
  #calls(length: number, width: number, results: number, costOfByte: number): number[] {
    const { at } = this.#block!
    const calls: number[] = []
    let total = 0
    let some = 0
    let first = 0
    for (let row = 0; row < length; row += width) {
      some += this.ints[row]! * costOfByte
      if (some < leastPiece && row + width < length) continue
      calls.push(at + first * 4, at + (row + width) * 4, results + (first / width) * 8)
      total += some
      some = 0
      first = row + width
    }
    return total < leastShared ? [] : calls
  }
}
