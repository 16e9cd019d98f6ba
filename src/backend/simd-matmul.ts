import {
  checkProduct,
  type DeviceArray,
  type Finish,
  launchLength,
  type MatrixProduct,
} from './backend.js'
import type { Program } from './rule.js'
import { type Kernels, SimdLayers } from './simd-layers.js'
import type { Block, SimdMemory } from './simd-memory.js'
import { panel } from './simd-pack.js'
import { share } from './simd-share.js'
import type { SimdArray } from './simd-store.js'
import { type FinishReading, tileModule, tileName } from './simd-tiles.js'

/** A panel of b of this many rows stays in the fastest cache, beside the rows of a that meet it. */
const mostInner = 512
/** From this many bytes on, a row of b is copied into panels: rows so far apart compete for the same lines of the cache. */
const wide = 1024
/** From this many rows on, copying pays. */
const many = 16

/** Where the operands of a product lie, and bytes from one row to the next (of a transposed a: from one column). */
interface Operands {
  readonly a: number
  readonly stepOfA: number
  readonly turned: boolean
  readonly b: number
  readonly rowOfB: number
  /** b lies transposed and must be turned into panels. */
  readonly turnB: boolean
  readonly c: number
}

/** What a finish takes: its inputs and slots, and which of them are as large as the product. */
interface Extras {
  readonly values: number[]
  readonly wholes: number[]
}

const nothing: readonly number[] = []
/** So many take as long as an element of a step of AdamW. */
const multiplications = 16

/** Products, in tiles that are finished before they are stored. */
export abstract class SimdProducts extends SimdLayers {
  readonly #kernels: Kernels
  readonly #plain: Kernels
  readonly #finished = new WeakMap<Program, Map<string, Kernels>>()

  constructor(memory: SimdMemory, kernels: Kernels) {
    super(memory, kernels)
    this.#kernels = kernels
    this.#plain = this.instance(tileModule()) as Kernels
  }

  matmul(a: DeviceArray, b: DeviceArray, product: MatrixProduct, finish?: Finish): DeviceArray {
    checkProduct(a, b, product)
    const [left, right] = [this.own(a), this.own(b)]
    const result = this.make(product.rows * product.columns)
    if (result.length === 0) return result
    const extras: Extras = { values: [], wholes: [] }
    const tiles = finish ? this.#tiles(finish, product, extras) : this.#plain
    this.#multiply(left, right, product, this.target(result), tiles, extras)
    this.fetch(result)
    return result
  }

  /** The tiles of a finish; its inputs and slots go to `extras`. */
  #tiles(finish: Finish, { rows, columns }: MatrixProduct, extras: Extras): Kernels {
    const { program } = finish
    const readings: FinishReading[] = []
    let key = ''
    for (const position of program.inputs) {
      const reading = this.#reading(finish, position, rows * columns, columns, extras)
      readings.push(reading)
      key += reading
    }
    this.slots(program, finish, extras.values)
    let variants = this.#finished.get(program)
    if (!variants) {
      variants = new Map()
      this.#finished.set(program, variants)
    }
    let tiles = variants.get(key)
    if (!tiles) {
      tiles = this.instance(tileModule({ program, readings })) as Kernels
      variants.set(key, tiles)
    }
    return tiles
  }

  #reading(
    { inputs }: Finish,
    position: number,
    length: number,
    columns: number,
    { values, wholes }: Extras,
  ): FinishReading {
    if (position === 0) {
      values.push(0)
      return 'product'
    }
    const input = this.own(inputs[position - 1]!)
    values.push(input.length === 1 ? input.own![0]! : this.at(input))
    if (input.length === 1) return 'single'
    if (input.length === length) {
      wholes.push(values.length - 1)
      return 'whole'
    }
    if (input.length !== columns) launchLength([input], { length }) // refuses it
    return 'row'
  }

  #multiply(
    left: SimdArray,
    right: SimdArray,
    product: MatrixProduct,
    c: number,
    tiles: Kernels,
    extras: Extras,
  ): void {
    const { rows, inner, columns, transposeA = false, transposeB = false } = product
    const turnB = transposeB && columns > 1 && inner > 1
    const operands = {
      a: this.source(left, 16),
      stepOfA: inner * 4,
      turned: false,
      b: this.source(right, 32),
      rowOfB: transposeB && !turnB && columns === 1 ? 4 : columns * 4,
      turnB,
      c,
    }
    let copy: Block | undefined
    if (transposeA && rows > 1 && inner > 1) {
      if (rows * 4 >= wide && columns >= many && inner >= 4) {
        copy = this.memory.allocate(rows * inner)
        this.#kernels.turn!(operands.a, copy.at, inner, rows)
        operands.a = copy.at
      } else {
        operands.turned = true
        operands.stepOfA = rows * 4
      }
    }
    // The last columns are written past the end of their rows, over the first of the next: so they come first.
    const whole = columns - (columns % panel)
    if (whole < columns) this.#columns(operands, product, whole, columns, tiles, extras)
    if (whole > 0) this.#columns(operands, product, 0, whole, tiles, extras)
    if (copy) this.memory.free(copy)
  }

  /** Computes the columns from `first` on, up to `end`. */
  #columns(
    operands: Operands,
    { rows, inner, columns }: MatrixProduct,
    first: number,
    end: number,
    tiles: Kernels,
    extras: Extras,
  ): void {
    const { a, stepOfA, turned, b, rowOfB, turnB, c } = operands
    const width = end - first <= 4 ? 4 : panel
    const name = tileName(rows, width, turned)
    const packs = turnB || (rowOfB >= wide && rows >= many && inner > 0)
    // Part by part only where no tile is written over what another one has yet to add to: past the end of a row, or twice.
    const parts = inner > mostInner * 1.5 && (end - first) % panel === 0 && rows % 4 === 0
    const deep = parts ? mostInner : Math.max(1, inner)
    const panels = Math.ceil((end - first) / panel)
    const packed = packs ? this.memory.allocate(panels * panel * deep) : undefined
    for (let k = 0; k === 0 || k < inner; k += deep) {
      const depth = Math.min(deep, inner - k)
      let panelsAt = b + first * 4 + k * rowOfB
      if (packed) {
        panelsAt = packed.at
        if (turnB)
          this.#kernels.packTurned!(
            b + (first * inner + k) * 4,
            panelsAt,
            inner * 4,
            depth,
            end - first,
          )
        else
          this.#kernels.pack!(
            b + first * 4 + k * rowOfB,
            panelsAt,
            rowOfB,
            depth,
            (end - first) * 4,
          )
      }
      const last = k + depth >= inner
      const functions = last ? tiles : this.#plain
      // A product of less than a panel's columns is written past the end of each row, over the next.
      const elements = columns < panel ? 0 : (rows * depth * (end - first)) / multiplications
      const work = { count: rows, step: rows < 256 ? 16 : 32, elements }
      share(this.memory, functions, name, work, (from, many) => [
        a + k * (turned ? stepOfA : 4) + from * (turned ? 4 : stepOfA),
        stepOfA,
        panelsAt,
        packed ? panel * 4 : rowOfB,
        packed ? panel * 4 * depth : panel * 4,
        c + from * columns * 4,
        columns * 4,
        many,
        depth,
        first * 4,
        end * 4,
        k > 0 ? 1 : 0,
        ...(last ? extrasFrom(extras, from * columns * 4) : nothing),
      ])
    }
    if (packed) this.memory.free(packed)
  }
}

/** What a finish takes where the product begins so many bytes later. */
function extrasFrom({ values, wholes }: Extras, bytes: number): readonly number[] {
  if (bytes === 0 || wholes.length === 0) return values
  const moved = [...values]
  for (const k of wholes) moved[k]! += bytes
  return moved
}
