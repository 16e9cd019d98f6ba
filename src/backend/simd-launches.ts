import { type DeviceArray, type Launch, launchLength } from './backend.js'
import { evaluate } from './graph.js'
import type { Program } from './rule.js'
import { costOf } from './simd-cost.js'
import { instanceOver } from './simd-instance.js'
import { countPieces, pieceOf, whole } from './simd-pieces.js'
import { mapModule } from './simd-program.js'
import { type FoldKind, squaresModule, squaresRun } from './simd-rows.js'
import { type SimdArray, SimdStore } from './simd-store.js'
import { type Rows, SimdTable } from './simd-table.js'

type Numbers = Readonly<Record<string, number>>
type Tuple = { inputs: readonly DeviceArray[]; launch?: Launch }

/** `map` for one tuple, and for all rows of a table. */
interface Compiled {
  map(...args: number[]): void
  rows: Rows
}

const none: Launch = {}
const nothing: Numbers = {}
/** Row lengths are worked out with bits of a number: one an input. */
const mostInputs = 50

/**
 * Programs run over many tuples of arrays in one call: a table in the memory holds a row for each, the arguments of the program's
 * function. So a step of a hundred small tensors costs what one of a large one does, and no array has to lie beside another.
 */
export abstract class SimdLaunches extends SimdStore {
  readonly #compiled = new WeakMap<Program, Map<number, Compiled>>()
  #squares: Compiled | undefined
  readonly #table = new SimdTable(this.memory)
  #known: { program: Program; hypers: Numbers; slots: number[] } | undefined

  abstract map(program: Program, inputs: readonly DeviceArray[], launch?: Launch): DeviceArray[]

  mapEach(program: Program, launches: readonly Tuple[]): DeviceArray[][] {
    const { outputs } = program
    const results: SimdArray[][] = new Array(launches.length)
    const lengths: number[] = new Array(launches.length).fill(0)
    for (let i = 0; i < launches.length; i++) {
      const { inputs, launch = none } = launches[i]!
      if (launch.repeat) results[i] = this.map(program, inputs, launch) as SimdArray[]
      else {
        lengths[i] = launchLength(inputs, launch)
        const made: SimdArray[] = new Array(outputs.length)
        for (let k = 0; k < made.length; k++) made[k] = this.into(launch.into?.[k], lengths[i]!)
        results[i] = made
      }
    }
    this.#inTables(program, launches, lengths, (rows, compiled) => {
      const width = 1 + program.inputs.length + program.slots.length + outputs.length
      // A single value is stored behind the table, as what a turn of the loop makes (two vectors of four), and fetched from there.
      const fetched = rows.reduce((n, i) => (lengths[i] === 1 ? n + outputs.length : n), 0)
      // Maps are cut where threads share them; sums always, so that they are the same for any number of threads.
      const cut = this.memory.team ? pieceOf : whole
      const count = countPieces(rows, lengths, cut)
      const table = this.#table.reserve(count * width, fetched * 8)
      let at = 0
      let single = table + count * width * 4
      for (const i of rows) {
        const length = lengths[i]!
        const piece = cut(length)
        for (let from = 0; from < length; from += piece) {
          at = this.#fill(at, program, launches[i]!, from, Math.min(piece, length - from))
          for (const output of results[i]!) {
            this.#table.ints[at++] = length === 1 ? single : output.block!.at + from * 4
            if (length === 1) single += 32
          }
        }
      }
      this.#table.run(compiled, at, { width, cost: costOf(program) })
      single = table + at * 4
      const { floats } = this.memory
      for (const i of fetched ? rows : [])
        for (const output of lengths[i] === 1 ? results[i]! : []) {
          output.own![0] = floats[single / 4]!
          single += 32
        }
    })
    return results
  }

  /** The program's values are added up in float64, and stored nowhere. */
  reduce(
    kind: FoldKind,
    program: Program,
    tuples: readonly (readonly DeviceArray[])[],
    hypers: Numbers = nothing,
  ): DeviceArray {
    const launch = { hypers }
    const launches = tuples.map((inputs) => ({ inputs, launch }))
    const totals = this.#totals(kind, program, launches)
    let total = kind === 'sum' ? 0 : Number.NEGATIVE_INFINITY
    for (const one of totals) total = kind === 'sum' ? total + one : Math.max(total, one)
    return this.write([total])
  }

  reduceEach(kind: FoldKind, program: Program, launches: readonly Tuple[]): DeviceArray[] {
    const totals = this.#totals(kind, program, launches)
    return Array.from(totals, (total) => this.write([total]))
  }

  euclid(arrays: readonly DeviceArray[]): DeviceArray {
    let total = 0
    const lengths = arrays.map(({ length }) => length)
    const count = countPieces(lengths.keys(), lengths, pieceOf)
    this.#table.reserve(count * 2, count * 2)
    let at = 0
    for (const array of arrays) {
      const own = this.own(array)
      if (own.length === 1) total += own.own![0]! ** 2
      if (own.length <= 1) continue
      const piece = pieceOf(own.length)
      for (let from = 0; from < own.length; from += piece) {
        this.#table.ints[at++] = Math.min(piece, own.length - from) * 4
        this.#table.ints[at++] = this.at(own) + from * 4
      }
    }
    this.#squares ??= this.instance(squaresModule()) as unknown as Compiled
    for (const one of this.#table.run(this.#squares, at, squaresRun)) total += one
    return this.write([Math.sqrt(total)])
  }

  #totals(
    kind: FoldKind,
    program: Program,
    launches: readonly Tuple[],
  ): ArrayLike<number> & Iterable<number> {
    const totals = new Float64Array(launches.length)
    if (kind === 'max') totals.fill(Number.NEGATIVE_INFINITY)
    const lengths = launches.map(({ inputs, launch = none }) => launchLength(inputs, launch))
    const fill = (rows: readonly number[], compiled: Compiled) => {
      const width = 1 + program.inputs.length + program.slots.length
      const count = countPieces(rows, lengths, pieceOf)
      this.#table.reserve(count * width, count * 2)
      let at = 0
      for (const i of rows) {
        const length = lengths[i]!
        const piece = pieceOf(length)
        for (let from = 0; from < length; from += piece)
          at = this.#fill(at, program, launches[i]!, from, Math.min(piece, length - from))
      }
      const cost = costOf(program)
      const results = this.#table.run(compiled, at, { width, cost, results: true })
      let k = 0
      for (const i of rows)
        for (let pieces = Math.ceil(lengths[i]! / pieceOf(lengths[i]!)); pieces > 0; pieces--) {
          const one = results[k++]!
          totals[i] = kind === 'sum' ? totals[i]! + one : Math.max(totals[i]!, one)
        }
    }
    this.#inTables(program, launches, lengths, fill, kind)
    return totals
  }

  /** One table for all tuples in which the same inputs are single values, since these are arguments of another kind. */
  #inTables(
    program: Program,
    launches: readonly Tuple[],
    lengths: readonly number[],
    launch: (rows: readonly number[], compiled: Compiled) => void,
    fold?: FoldKind,
  ): void {
    const { inputs: positions } = program
    const tables: { singles: number; rows: number[] }[] = []
    let table: (typeof tables)[number] | undefined
    for (let i = 0; i < launches.length; i++) {
      if (!lengths[i]) continue
      const { inputs } = launches[i]!
      let singles = 0
      for (let k = 0, bit = 1; k < positions.length; k++, bit *= 2)
        if (this.own(inputs[positions[k]!]!).length === 1) singles += bit
      if (table?.singles !== singles) {
        table = tables.find((one) => one.singles === singles)
        if (!table) {
          table = { singles, rows: [] }
          tables.push(table)
        }
      }
      table.rows.push(i)
    }
    this.#known = undefined
    for (const { singles, rows } of tables) launch(rows, this.compiled(program, singles, fold))
  }

  /** Writes the bytes, inputs and slots of a row, for a piece of the arrays; gives the place behind. */
  #fill(
    at: number,
    program: Program,
    { inputs, launch }: Tuple,
    from: number,
    length: number,
  ): number {
    const { floats, ints } = this.#table
    const positions = program.inputs
    let next = at
    ints[next++] = length * 4
    for (let k = 0; k < positions.length; k++) {
      const array = inputs[positions[k]!] as SimdArray
      if (array.length === 1) floats[next++] = array.own![0]!
      else ints[next++] = this.at(array) + from * 4
    }
    const slots = this.#slots(program, launch?.hypers ?? nothing)
    for (let k = 0; k < slots.length; k++) floats[next++] = slots[k]!
    return next
  }

  /** Tuples of one launch mostly share their hypers: one object, whose values do not change meanwhile. */
  #slots(program: Program, hypers: Numbers): readonly number[] {
    const known = this.#known
    if (known && known.program === program && known.hypers === hypers) return known.slots
    const slots = evaluate(program.slots, hypers)
    this.#known = { program, hypers, slots }
    return slots
  }

  /** The functions of a program; bit k of `singles` tells that its input k is a single value. */
  protected compiled(program: Program, singles: number, fold?: FoldKind): Compiled {
    let variants = this.#compiled.get(program)
    if (!variants) {
      if (program.inputs.length > mostInputs)
        throw new RangeError(
          `simd: a rule may read at most ${mostInputs} inputs, got ${program.inputs.length}`,
        )
      variants = new Map()
      this.#compiled.set(program, variants)
    }
    const key = singles * 4 + (fold ? 1 + Number(fold === 'max') : 0)
    let found = variants.get(key)
    if (!found) {
      const single = program.inputs.filter((_, k) => Math.floor(singles / 2 ** k) % 2 === 1)
      found = this.instance(mapModule(program, single, fold)) as unknown as Compiled
      variants.set(key, found)
    }
    return found
  }

  /** The functions of a module that was made of a program. */
  protected instance(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Exports {
    return instanceOver(this.memory, bytes)
  }

  /** The array that may be written over, if it fits, or a new one. */
  protected into(given: DeviceArray | undefined, length: number): SimdArray {
    if (!given) return this.make(length)
    const array = this.own(given)
    return array.length === length && (array.block || length === 1) ? array : this.make(length)
  }
}
