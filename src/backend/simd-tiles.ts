import type { Program } from './rule.js'
import { NodeWriter } from './simd-nodes.js'
import { assemble, hasRelaxedSimd, WasmFunction, type WasmType } from './wasm.js'

/** How an input of a finish is read: the product itself, a single value, a row as long as the product is wide, or whole. */
export type FinishReading = 'product' | 'single' | 'row' | 'whole'

/** What is done with each element before it is stored, and how its inputs are read, in the order of the program's. */
interface TileFinish {
  readonly program: Program
  readonly readings: readonly FinishReading[]
}

/** Rows and columns of the tiles. Eight sums at a time keep the processor busy: fewer wait for each other. */
const shapes = [
  [4, 8],
  [8, 4],
  [4, 4],
  [1, 8],
  [1, 4],
] as const

/** The tile for `rows` rows and the columns of a panel of b, or the last four. */
export const tileName = (rows: number, width: 8 | 4, turned: boolean): string =>
  `tile${rows < 4 ? 1 : width === 4 && rows >= 8 ? 8 : 4}x${width}${turned ? 't' : ''}`

/** Variables of a tile's function; the inputs and slots of a finish follow. */
const params = {
  /** Where a's first row begins, and bytes from one row to the next; of a transposed one, from one column to the next. */
  a: 0,
  stepOfA: 1,
  /** Where b's first panel begins, and bytes from one row of it to the next, and from one panel to the next. */
  b: 2,
  rowOfB: 3,
  panelOfB: 4,
  /** Where the product begins, and bytes of its rows. */
  c: 5,
  rowOfC: 6,
  rows: 7,
  inner: 8,
  /** Bytes before the first column that is computed, and before the one that no longer is. */
  column: 9,
  end: 10,
  /** Whether the product is added to what lies in c. */
  more: 11,
} as const
const count = Object.keys(params).length

/** A module with the tiles, each also (`…t`) for an a that lies transposed. */
export function tileModule(finish?: TileFinish): Uint8Array<ArrayBuffer> {
  const writers = shapes.flatMap(([height, width]) =>
    [false, true].map((turned) => new TileWriter(height, width, turned, finish)),
  )
  return assemble(
    writers.map(({ f }) => f),
    writers[0]!.imports,
  )
}

/**
 * C ← A·B, or C + A·B, in tiles that stay in registers along the inner length. A tile at the lower edge reaches back over rows that were
 * computed before, which gives the same again; one at the right edge is written past the end of its rows, so it must come before others.
 */
class TileWriter {
  readonly f: WasmFunction
  readonly #height: number
  readonly #vectors: number
  readonly #turned: boolean
  readonly #totals: number[]
  readonly #finish: TileFinish | undefined
  readonly #nodes: NodeWriter | undefined
  /** The element that is finished, and bytes before its row in c. */
  #at = { row: 0, vector: 0 }
  readonly #cell: number
  readonly #left: number
  readonly #rights: number[]

  constructor(height: number, width: number, turned: boolean, finish: TileFinish | undefined) {
    const inputs = (finish?.readings ?? []).map((reading) => (reading === 'single' ? 'f32' : 'i32'))
    const slots = (finish?.program.slots ?? []).map(() => 'f32' as const)
    const types: WasmType[] = [
      ...Array.from({ length: count }, () => 'i32' as const),
      ...inputs,
      ...slots,
    ]
    this.f = new WasmFunction(`tile${height}x${width}${turned ? 't' : ''}`, types)
    this.#height = height
    this.#vectors = width / 4
    this.#turned = turned
    this.#finish = finish
    this.#totals = Array.from({ length: height * this.#vectors }, () => this.f.local('v128'))
    this.#cell = this.f.local('i32')
    this.#left = this.f.local('v128')
    this.#rights = Array.from({ length: this.#vectors }, () => this.f.local('v128'))
    this.#nodes = finish && this.#writer(finish)
    this.#write()
  }

  get imports() {
    return this.#nodes?.imports
  }

  #writer({ program, readings }: TileFinish): NodeWriter {
    const { f } = this
    return new NodeWriter(f, program, {
      level: (position) => (readings[program.inputs.indexOf(position)] === 'single' ? 0 : 1),
      load: (position) => {
        const k = program.inputs.indexOf(position)
        const reading = readings[k]!
        const { row, vector } = this.#at
        if (reading === 'product') f.get(this.#totals[row * this.#vectors + vector]!)
        else if (reading === 'single') f.get(count + k).op('f32x4.splat')
        else
          f.get(count + k)
            .get(reading === 'row' ? params.column : this.#cell)
            .op('i32.add')
            .load(vector * 16)
      },
      slot: (k) => f.get(count + readings.length + k).op('f32x4.splat'),
    })
  }

  #write(): void {
    const { f } = this
    const height = this.#height
    const [row, first, fromA, last] = [
      f.local('i32'),
      f.local('i32'),
      f.local('i32'),
      f.local('i32'),
    ]
    this.#nodes?.compute(0)
    f.get(params.rows).i32(height).op('i32.sub').set(last)
    f.op('loop').i32(0).set(row).op('loop')
    f.get(params.a).get(row)
    if (this.#turned) f.i32(2).op('i32.shl')
    else f.get(params.stepOfA).op('i32.mul')
    f.op('i32.add').set(fromA)
    f.get(row)
      .get(params.rowOfC)
      .op('i32.mul')
      .get(params.column)
      .op('i32.add')
      .tee(first)
      .set(this.#cell)
    this.#start()
    this.#multiply(fromA)
    f.get(first).set(this.#cell)
    this.#store()
    // The next rows; the last ones once.
    f.op('block').get(row).get(last).op('i32.ge_u').jumpIf(0)
    f.get(row).i32(height).op('i32.add').tee(row).get(last)
    f.get(row).get(last).op('i32.lt_u').op('select').set(row).i32(1).jumpIf(1).op('end').op('end')
    f.get(params.b).get(params.panelOfB).op('i32.add').set(params.b)
    f.get(params.column)
      .i32(this.#vectors * 16)
      .op('i32.add')
      .tee(params.column)
    f.get(params.end).op('i32.lt_u').jumpIf(0).op('end')
  }

  /** Totals start at 0, or at what lies in c. */
  #start(): void {
    const { f } = this
    for (const total of this.#totals) f.vector(0).set(total)
    f.get(params.more).op('if')
    for (let r = 0; r < this.#height; r++) {
      for (let v = 0; v < this.#vectors; v++)
        f.get(params.c)
          .get(this.#cell)
          .op('i32.add')
          .load(v * 16)
          .set(this.#totals[r * this.#vectors + v]!)
      f.get(this.#cell).get(params.rowOfC).op('i32.add').set(this.#cell)
    }
    f.op('end')
  }

  #multiply(fromA: number): void {
    const { f } = this
    const [fromB, k] = [f.local('i32'), f.local('i32')]
    const lefts = [fromA]
    for (let r = 1; r < (this.#turned ? 1 : this.#height); r++) {
      const pointer = f.local('i32')
      f.get(lefts[r - 1]!)
        .get(params.stepOfA)
        .op('i32.add')
        .set(pointer)
      lefts.push(pointer)
    }
    f.get(params.b).set(fromB).get(params.inner).set(k)
    f.op('block').get(k).i32(0).op('i32.eq').jumpIf(0).op('loop')
    for (const [v, right] of this.#rights.entries())
      f.get(fromB)
        .load(v * 16)
        .set(right)
    for (let r = 0; r < this.#height; r++) {
      if (this.#turned)
        f.get(fromA)
          .loadSplat(r * 4)
          .set(this.#left)
      else f.get(lefts[r]!).loadSplat().set(this.#left)
      for (const [v, right] of this.#rights.entries())
        this.#add(right, this.#totals[r * this.#vectors + v]!)
    }
    f.get(fromB).get(params.rowOfB).op('i32.add').set(fromB)
    if (this.#turned) f.get(fromA).get(params.stepOfA).op('i32.add').set(fromA)
    else for (const pointer of lefts) f.get(pointer).i32(4).op('i32.add').set(pointer)
    f.get(k).i32(-1).op('i32.add').tee(k).jumpIf(0).op('end').op('end')
  }

  #add(right: number, total: number): void {
    const f = this.f.get(this.#left).get(right)
    if (hasRelaxedSimd()) f.get(total).op('f32x4.relaxed_madd').set(total)
    else f.op('f32x4.mul').get(total).op('f32x4.add').set(total)
  }

  /** Row by row, since what is written past the end of one is written again with the next. */
  #store(): void {
    const { f } = this
    for (let row = 0; row < this.#height; row++) {
      for (let vector = 0; vector < this.#vectors; vector++) {
        this.#at = { row, vector }
        this.#nodes?.compute(1)
        f.get(params.c).get(this.#cell).op('i32.add')
        if (this.#nodes) this.#nodes.put(this.#finish!.program.outputs[0]!)
        else f.get(this.#totals[row * this.#vectors + vector]!)
        f.store(vector * 16)
      }
      f.get(this.#cell).get(params.rowOfC).op('i32.add').set(this.#cell)
    }
  }
}
