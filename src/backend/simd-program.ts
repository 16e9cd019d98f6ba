import type { Program } from './rule.js'
import { NodeWriter } from './simd-nodes.js'
import { type FoldKind, FoldWriter, overRows } from './simd-rows.js'
import { assemble, WasmFunction, type WasmType } from './wasm.js'

/**
 * A module with one function `map` for all outputs. It takes the bytes of an output, then for each input an address (or, for
 * those in `single`, a float32), the slots, and the addresses of the outputs. An output may lie where an input lies.
 * With a `fold` the only output is not stored: `map` takes no address for it, and gives its sum or maximum, as float64.
 * A second function, `rows`, calls `map` for each row of a table.
 */
export function mapModule(
  program: Program,
  single: readonly number[],
  fold?: FoldKind,
): Uint8Array<ArrayBuffer> {
  return new MapCompiler(program, single, fold).module
}

class MapCompiler {
  readonly #program: Program
  readonly #f: WasmFunction
  readonly #nodes: NodeWriter
  readonly #at: number
  readonly #fold: FoldWriter | undefined
  #offset = 0

  constructor(program: Program, single: readonly number[], fold?: FoldKind) {
    this.#program = program
    const { inputs, slots, outputs } = program
    const params: WasmType[] = [
      'i32',
      ...inputs.map((position) => (single.includes(position) ? 'f32' : 'i32')),
      ...slots.map(() => 'f32' as const),
      ...(fold ? [] : outputs.map(() => 'i32' as const)),
    ]
    const f = new WasmFunction('map', params, fold && 'f64')
    this.#f = f
    this.#at = f.local('i32')
    this.#fold = fold && new FoldWriter(f, fold, { bytes: 0, at: this.#at })
    this.#nodes = new NodeWriter(f, program, {
      level: (position) => (single.includes(position) ? 0 : 1),
      load: (position) => {
        f.get(1 + inputs.indexOf(position))
        if (single.includes(position)) f.op('f32x4.splat')
        else f.get(this.#at).op('i32.add').load(this.#offset)
      },
      slot: (k) => f.get(1 + inputs.length + k).op('f32x4.splat'),
    })
  }

  get module(): Uint8Array<ArrayBuffer> {
    const f = this.#f
    this.#nodes.compute(0)
    if (this.#nodes.invert()) {
      f.op('if')
      this.#loop()
      f.op('else')
      this.#nodes.inverts = false
      this.#loop()
      f.op('end')
    } else this.#loop()
    this.#fold?.give()
    const { imports } = this.#nodes
    return assemble([f, overRows(f, imports.length)], imports)
  }

  /** Two vectors a turn, where the code stays short: arrays are padded to a multiple of that. */
  #loop(): void {
    const f = this.#f
    const at = this.#at
    const turns = this.#fold || this.#nodes.long ? [0] : [0, 16]
    f.op('block').get(0).i32(1).op('i32.lt_u').jumpIf(0).op('loop')
    for (const offset of turns) {
      this.#offset = offset
      this.#nodes.compute(1)
      this.#take()
    }
    f.get(at)
      .i32(16 * turns.length)
      .op('i32.add')
    f.tee(at).get(0).op('i32.lt_u').jumpIf(0).op('end').op('end')
  }

  /** Stores four values of each output, or folds them. */
  #take(): void {
    const { inputs, slots, outputs } = this.#program
    if (this.#fold) {
      this.#nodes.put(outputs[0]!)
      this.#fold.take()
      return
    }
    for (const [k, output] of outputs.entries()) {
      this.#f
        .get(1 + inputs.length + slots.length + k)
        .get(this.#at)
        .op('i32.add')
      this.#nodes.put(output)
      this.#f.store(this.#offset)
    }
  }
}
