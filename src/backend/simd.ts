import {
  type Backend,
  checkProduct,
  type DeviceArray,
  type Launch,
  launchLength,
  type MatrixProduct,
} from './backend.js'
import { evaluate } from './graph.js'
import type { Program } from './rule.js'
import { kernelModule } from './simd-kernels.js'
import { type Block, SimdMemory } from './simd-memory.js'
import { mapModule, mathImports } from './simd-program.js'
import { type Kernels, multiply } from './simd-tiles.js'

/** Starts the backend. @throws Error where WebAssembly has no SIMD */
export async function openSimd(): Promise<Backend> {
  const bytes = kernelModule()
  if (!globalThis.WebAssembly?.validate(bytes))
    throw new Error(
      'simd: this runtime has no WebAssembly with SIMD; use Node 20 or a browser of 2023 or newer, or "reference"',
    )
  const memory = new SimdMemory()
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory: memory.memory } })
  return new Simd(memory, instance.exports as Kernels)
}

/** In the memory (`block`) or, where one value or none makes no vector, beside it (`own`), as is what was parked. */
class SimdArray implements DeviceArray {
  block: Block | undefined
  own: Float32Array | undefined
  /** Used again after it was parked. */
  returned = false

  constructor(
    readonly owner: Simd,
    readonly length: number,
  ) {}
}

class Simd implements Backend {
  readonly name = 'simd'
  readonly #memory: SimdMemory
  readonly #kernels: Kernels
  readonly #maps = new WeakMap<Program, Map<string, (...args: number[]) => void>>()
  /** Frees what was never released, once its array is garbage. */
  readonly #collector = new FinalizationRegistry<Block>((block) => this.#memory.free(block))

  constructor(memory: SimdMemory, kernels: Kernels) {
    this.#memory = memory
    this.#kernels = kernels
  }

  /** @internal The bytes that its arrays have ever needed at once. */
  get bytes(): number {
    return this.#memory.used
  }

  write(values: ArrayLike<number>): DeviceArray {
    const array = this.#make(values.length)
    this.#values(array).set(values)
    return array
  }

  async read(array: DeviceArray): Promise<Float64Array> {
    return this.readSync(array)
  }

  readSync(array: DeviceArray): Float64Array {
    return Float64Array.from(this.#values(this.#own(array)))
  }

  release(array: DeviceArray): void {
    this.#drop(this.#own(array))
  }

  /** Its values move to JavaScript's heap, which the garbage collector sees. One that came back from there stays. */
  park(array: DeviceArray): void {
    const own = this.#own(array)
    if (!own.block || own.returned) return
    const values = this.#values(own).slice()
    this.#drop(own)
    own.own = values
  }

  /** All outputs in one pass. */
  map(program: Program, inputs: readonly DeviceArray[], launch: Launch = {}): DeviceArray[] {
    const length = launchLength(inputs, launch)
    const slots = evaluate(program.slots, launch.hypers ?? {})
    const used = program.inputs.map((position) => this.#own(inputs[position]!))
    const single = program.inputs.filter((_, k) => used[k]!.length === 1)
    const outputs = program.outputs.map((_, k) => this.#into(launch.into?.[k], length))
    if (length === 0) return outputs
    const run = this.#compile(program, single)
    const args = used.map((array) => (array.length === 1 ? array.own![0]! : this.#at(array)))
    if (length === 1) this.#alone(run, [...args, ...slots], outputs)
    else run(length * 4, ...args, ...slots, ...outputs.map((array) => this.#at(array)))
    return outputs
  }

  /** A single value is computed as all others are, in a vector, and then taken out of the memory. */
  #alone(run: (...args: number[]) => void, args: number[], outputs: SimdArray[]): void {
    const places = outputs.map(() => this.#memory.allocate(1))
    run(4, ...args, ...places.map(({ at }) => at))
    for (const [k, place] of places.entries()) {
      outputs[k]!.own = this.#memory.view(place, 1).slice()
      this.#memory.free(place)
    }
  }

  #compile(program: Program, single: readonly number[]): (...args: number[]) => void {
    let variants = this.#maps.get(program)
    if (!variants) {
      variants = new Map()
      this.#maps.set(program, variants)
    }
    const key = single.join()
    let run = variants.get(key)
    if (!run) {
      const module = new WebAssembly.Module(mapModule(program, single))
      const imports = { env: { memory: this.#memory.memory, ...mathImports } }
      const { exports } = new WebAssembly.Instance(module, imports)
      run = exports.map as (...args: number[]) => void
      variants.set(key, run)
    }
    return run
  }

  fold(kind: 'sum' | 'max', array: DeviceArray): DeviceArray {
    const own = this.#own(array)
    const { length } = own
    const whole = length - (length % 4)
    const kernel = this.#kernels[kind]!
    let total = whole === 0 ? kernel(0, 0) : kernel(this.#at(own), whole * 4)
    const rest = this.#values(own).subarray(whole)
    for (const value of rest) total = kind === 'sum' ? total + value : Math.max(total, value)
    return this.write([total])
  }

  matmul(a: DeviceArray, b: DeviceArray, product: MatrixProduct): DeviceArray {
    checkProduct(a, b, product)
    const { rows, inner, columns, transposeA = false, transposeB = false } = product
    const result = this.#make(rows * columns)
    if (result.length === 0) return result
    const temporary: Block[] = []
    const place = (length: number) => {
      const block = this.#memory.allocate(length)
      temporary.push(block)
      return block
    }
    /** Where an array lies; a single value is put into the memory for the while. */
    const address = (array: SimdArray) => {
      if (array.length > 1) return this.#at(array)
      const block = place(1)
      this.#memory.view(block, 1).set(array.own!)
      return block.at
    }
    const left = address(this.#own(a))
    let right = address(this.#own(b))
    if (transposeB && columns > 1 && inner > 1) {
      const turned = place(inner * columns).at
      this.#kernels.transpose!(right, turned, columns * 4, inner * 4)
      right = turned
    }
    const out = result.own ? place(1) : result.block!
    const strides = transposeA
      ? { rowOfA: 4, columnOfA: rows * 4 }
      : { rowOfA: inner * 4, columnOfA: 4 }
    multiply(this.#kernels, product, { a: left, b: right, c: out.at, ...strides })
    if (result.own) result.own[0] = this.#memory.view(out, 1)[0]!
    for (const block of temporary) this.#memory.free(block)
    return result
  }

  /** The array that may be written over, if it fits, or a new one. */
  #into(given: DeviceArray | undefined, length: number): SimdArray {
    if (!given) return this.#make(length)
    const array = this.#own(given)
    return array.block && array.length === length ? array : this.#make(length)
  }

  #make(length: number): SimdArray {
    const array = new SimdArray(this, length)
    if (length <= 1) array.own = new Float32Array(length)
    else this.#place(array)
    return array
  }

  #place(array: SimdArray): Block {
    const block = this.#memory.allocate(array.length)
    array.block = block
    this.#collector.register(array, block, array)
    return block
  }

  /** Takes an array out of the memory. */
  #drop(array: SimdArray): void {
    if (array.block) {
      this.#collector.unregister(array)
      this.#memory.free(array.block)
    }
    array.block = undefined
    array.own = undefined
  }

  #own(array: DeviceArray): SimdArray {
    if (!(array instanceof SimdArray) || array.owner !== this)
      throw new TypeError('simd: got an array of another backend')
    if (!array.block && !array.own)
      throw new Error(
        `simd: an array of ${array.length} values was released and is used again; read it before, or release it later`,
      )
    return array
  }

  /** Where an array of two values or more lies; one that was parked comes back. */
  #at(array: SimdArray): number {
    if (array.block) return array.block.at
    const values = array.own!
    const block = this.#place(array)
    this.#memory.view(block, array.length).set(values)
    array.own = undefined
    array.returned = true
    return block.at
  }

  #values(array: SimdArray): Float32Array {
    return array.own ?? this.#memory.view(array.block!, array.length)
  }
}
