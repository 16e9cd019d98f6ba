import { type Axis, type DeviceArray, type Launch, outerOf, type RandomPlace } from './backend.js'
import { evaluate } from './graph.js'
import { checkPicks, type Picks } from './picks.js'
import type { Program } from './rule.js'
import { costOf } from './simd-cost.js'
import { SimdLaunches } from './simd-launches.js'
import type { Block, SimdMemory } from './simd-memory.js'
import { PickTables } from './simd-pick.js'
import { type Reading, readingOf, repeatModule } from './simd-repeat.js'
import { share, type Work } from './simd-share.js'
import type { SimdArray } from './simd-store.js'

export type Kernels = Record<string, (...args: number[]) => number>

/** Rows that are no multiple of a vector spill over into the next: they cannot be shared. */
const fitting = (work: Work, row: number): Work => (row % 4 === 0 ? work : { ...work, elements: 0 })

const low = (n: number) => n >>> 0
const high = (n: number) => Math.floor(n / 2 ** 32)

/** What layers need besides maps and products: repeated rows and columns, folds along an axis, picks, random numbers. */
export abstract class SimdLayers extends SimdLaunches {
  readonly #kernels: Kernels
  readonly #tables: PickTables
  readonly #repeating = new WeakMap<Program, Map<string, WebAssembly.Exports>>()
  /** Where single values lie while a kernel reads or makes them. */
  protected scratch: Block

  constructor(memory: SimdMemory, kernels: Kernels) {
    super(memory)
    this.#kernels = kernels
    this.#tables = new PickTables(memory)
    this.scratch = memory.allocate(256)
  }

  fold(kind: 'sum' | 'max', array: DeviceArray, axis?: Axis): DeviceArray {
    const own = this.own(array)
    const { length, inner } = axis ?? { length: own.length, inner: 1 }
    const outer = length === 0 ? 1 : outerOf(own, axis ?? { length, inner })
    const result = this.make(outer * inner)
    if (own.length === 0) this.values(result).fill(kind === 'sum' ? 0 : Number.NEGATIVE_INFINITY)
    else {
      const [from, to] = [this.source(own), this.target(result)]
      const work = { count: outer, step: 1, elements: own.length / 4 }
      if (inner === 1)
        share(this.memory, this.#kernels, `${kind}Rows`, work, (first, many) => [
          from + first * length * 4,
          to + first * 4,
          many,
          length * 4,
        ])
      else
        share(this.memory, this.#kernels, `${kind}Columns`, fitting(work, inner), (first, many) => [
          from + first * length * inner * 4,
          to + first * inner * 4,
          many,
          length,
          inner * 4,
        ])
      this.fetch(result)
    }
    return result
  }

  pick(array: DeviceArray, picks: Picks): DeviceArray {
    checkPicks(array, picks)
    const own = this.own(array)
    const result = this.make(picks.length)
    if (picks.length === 0) return result
    if (own.length === 0) this.values(result).fill(0)
    else {
      this.#tables.use(picks, (kernel, table, end) => {
        const [from, to] = [this.source(own), this.target(result)]
        // Bytes of the table, and of the result for each: lists of any length cannot be cut.
        const wide = { pickOnes: 1, pickFours: 4, pickSums: 0 }[kernel]
        const elements = wide && picks.length
        const work = { count: end - table, step: 128, elements }
        share(this.memory, this.#kernels, kernel, work, (first, many) => [
          from,
          table + first,
          table + first + many,
          to + first * wide,
        ])
      })
      this.fetch(result)
    }
    return result
  }

  uniform(length: number, { seed, step, stream }: RandomPlace): DeviceArray {
    const result = this.make(length)
    if (length === 0) return result
    const key = [low(step), high(step), low(seed), high(seed)] as const
    this.#kernels.uniform!(this.target(result), length * 4, stream, ...key)
    this.fetch(result)
    return result
  }

  /** `map` where an input is repeated: its rows are read where they are. */
  protected mapRepeated(
    program: Program,
    inputs: readonly DeviceArray[],
    launch: Launch,
    length: number,
    segment: number,
  ): DeviceArray[] {
    const args = [length * 4, segment * 4]
    const shape = { length, segment }
    const readings: Reading[] = []
    let key = ''
    for (const position of program.inputs) {
      const array = this.own(inputs[position]!)
      args.push(array.length === 1 ? array.own![0]! : this.at(array))
      const reading = readingOf(launch.repeat, position, array.length, shape, args)
      readings.push(reading)
      key += reading
    }
    this.slots(program, launch, args)
    const outputs: SimdArray[] = []
    for (let k = 0; k < program.outputs.length; k++) {
      // The last vector of a segment that is no multiple of four spills over what the next one has yet to read.
      const output = this.into(segment % 4 === 0 ? launch.into?.[k] : undefined, length)
      outputs.push(output)
      args.push(this.at(output))
    }
    const firstOutput = args.length - outputs.length
    let variants = this.#repeating.get(program)
    if (!variants) {
      variants = new Map()
      this.#repeating.set(program, variants)
    }
    let functions = variants.get(key)
    if (!functions) {
      functions = this.instance(repeatModule(program, readings))
      variants.set(key, functions)
    }
    // What starts anew after some segments is read from its start on alone.
    const cut = !readings.includes('rows') && !readings.includes('blocks')
    const work = { count: length / segment, step: 1, elements: cut ? length * costOf(program) : 0 }
    share(this.memory, functions, 'map', fitting(work, segment), (first, many) => {
      if (many === work.count) return args
      const some = [...args]
      some[0] = many * segment * 4
      for (const [k, reading] of readings.entries())
        if (reading === 'whole') some[2 + k]! += first * segment * 4
        else if (reading === 'column') some[2 + k]! += first * 4
      for (let k = firstOutput; k < some.length; k++) some[k]! += first * segment * 4
      return some
    })
    return outputs
  }

  /** Appends the values that are the same for all elements. */
  protected slots(program: Program, { hypers = {} }: Pick<Launch, 'hypers'>, args: number[]): void {
    if (program.slots.length === 0) return
    for (const value of evaluate(program.slots, hypers)) args.push(value)
  }

  /** Room for single outputs, eight floats for each: a loop stores that many. */
  protected places(count: number): number {
    if (this.scratch.floats < count * 8) {
      this.memory.free(this.scratch)
      this.scratch = this.memory.allocate(count * 8)
    }
    return this.scratch.at
  }

  /** Where a kernel reads an array; a single value is put there for the while. */
  protected source(array: SimdArray, place = 32): number {
    if (array.length > 1) return this.at(array)
    this.memory.floats[this.scratch.at / 4 + place] = array.own![0]!
    return this.scratch.at + place * 4
  }

  /** Where a kernel writes an array; `fetch` then takes a single value from there. */
  protected target(array: SimdArray): number {
    return array.length > 1 ? array.block!.at : this.scratch.at
  }

  protected fetch(array: SimdArray): void {
    if (array.length === 1) array.own![0] = this.memory.floats[this.scratch.at / 4]!
  }
}
