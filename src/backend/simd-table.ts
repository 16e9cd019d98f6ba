import type { Block, SimdMemory } from './simd-memory.js'

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

  /** Runs the first `length` numbers as rows; gives as many float64 as are asked for, valid until the next run. */
  run(rows: Rows, length: number, results = 0): Float64Array {
    const { at } = this.#block!
    this.memory.floats.set(this.floats.subarray(0, length), at / 4)
    const end = at + length * 4
    const behind = end + (end % 8)
    if (length) rows(at, end, behind)
    return results ? new Float64Array(this.memory.memory.buffer, behind, results) : nothing
  }
}
