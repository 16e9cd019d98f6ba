import type { DeviceArray } from './backend.js'
import type { Block, SimdMemory } from './simd-memory.js'
import type { Team } from './simd-team.js'

/** In the memory (`block`) or, where one value or none makes no vector, beside it (`own`), as is what was parked. */
export class SimdArray implements DeviceArray {
  block: Block | undefined
  own: Float32Array | undefined
  /** Used again after it was parked. */
  returned = false
  /** The collector knows it. */
  watched = false

  constructor(
    readonly owner: SimdStore,
    readonly length: number,
  ) {}
}

/** So many arrays, and so much memory (1 MiB), may wait until the collector is told of them. */
const mostYoung = 128
const mostYoungFloats = 2 ** 18

/** The arrays of the simd backend: where they lie, and who frees them. */
export class SimdStore {
  /** Frees what was never released, once its array is garbage. */
  readonly #collector = new FinalizationRegistry<Block>((block) => this.memory.free(block))
  /** Arrays made lately: most are released soon, and telling the collector of each would take longer than a small launch. */
  #young: SimdArray[] = []
  #youngFloats = 0

  constructor(protected readonly memory: SimdMemory) {}

  /** @internal The threads that share its memory. */
  get team(): Team | undefined {
    return this.memory.team
  }

  /** @internal The bytes that its arrays have ever needed at once. */
  get bytes(): number {
    return this.memory.used
  }

  write(values: ArrayLike<number>): DeviceArray {
    const array = this.make(values.length)
    this.values(array).set(values)
    return array
  }

  async read(array: DeviceArray): Promise<Float64Array> {
    return this.readSync(array)
  }

  readSync(array: DeviceArray): Float64Array {
    this.team?.check()
    return Float64Array.from(this.values(this.own(array)))
  }

  release(array: DeviceArray): void {
    this.drop(this.own(array))
  }

  /** Its values move to JavaScript's heap, which the garbage collector sees. One that came back from there stays. */
  park(array: DeviceArray): void {
    const own = this.own(array)
    if (!own.block || own.returned) return
    const values = this.values(own).slice()
    this.drop(own)
    own.own = values
  }

  protected make(length: number): SimdArray {
    const array = new SimdArray(this, length)
    if (length <= 1) array.own = new Float32Array(length)
    else this.#place(array)
    return array
  }

  #place(array: SimdArray): Block {
    const block = this.memory.allocate(array.length)
    array.block = block
    this.#young.push(array)
    this.#youngFloats += block.floats
    if (this.#young.length > mostYoung || this.#youngFloats > mostYoungFloats) this.#watch()
    return block
  }

  /** Tells the collector of the young arrays that are still there. */
  #watch(): void {
    for (const array of this.#young) {
      if (!array.block || array.watched) continue
      array.watched = true
      this.#collector.register(array, array.block, array)
    }
    this.#young = []
    this.#youngFloats = 0
  }

  /** Takes an array out of the memory. */
  protected drop(array: SimdArray): void {
    if (array.block) {
      if (array.watched) this.#collector.unregister(array)
      array.watched = false
      this.memory.free(array.block)
    }
    array.block = undefined
    array.own = undefined
  }

  protected own(array: DeviceArray): SimdArray {
    if (!(array instanceof SimdArray) || array.owner !== this)
      throw new TypeError(
        'simd: got an array of another backend; make all tensors after useBackend, on one',
      )
    if (!array.block && !array.own)
      throw new Error(
        `simd: an array of ${array.length} values was released and is used again; read it before, or release it later`,
      )
    return array
  }

  /** Where an array of two values or more lies; one that was parked comes back. */
  protected at(array: SimdArray): number {
    if (array.block) return array.block.at
    const values = array.own!
    const block = this.#place(array)
    this.memory.view(block, array.length).set(values)
    array.own = undefined
    array.returned = true
    return block.at
  }

  protected values(array: SimdArray): Float32Array {
    return array.own ?? this.memory.view(array.block!, array.length)
  }
}
