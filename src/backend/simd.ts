import {
  type Backend,
  checkProduct,
  type DeviceArray,
  type Finish,
  type Launch,
  launchLength,
  type MatrixProduct,
} from './backend.js'
import { evaluate } from './graph.js'
import { plain } from './plain.js'
import type { Program } from './rule.js'
import { kernelModule } from './simd-kernels.js'
import { type Kernels, SimdLayers } from './simd-layers.js'
import { type Block, SimdMemory } from './simd-memory.js'
import { repetitionOf } from './simd-repeat.js'
import type { SimdArray } from './simd-store.js'
import { multiply } from './simd-tiles.js'

/** Starts the backend. @throws Error where WebAssembly has no SIMD */
export function openSimd(): Backend {
  const bytes = kernelModule()
  if (!globalThis.WebAssembly?.validate(bytes))
    throw new Error(
      'simd: this runtime has no WebAssembly with SIMD; use Node 20 or a browser of 2023 or newer, or "reference"',
    )
  const memory = new SimdMemory()
  const module = new WebAssembly.Module(bytes)
  const { exports } = new WebAssembly.Instance(module, { env: { memory: memory.memory } })
  return new Simd(memory, exports as Kernels)
}

class Simd extends SimdLayers implements Backend {
  readonly name = 'simd'
  readonly #kernels: Kernels

  constructor(memory: SimdMemory, kernels: Kernels) {
    super(memory, kernels)
    this.#kernels = kernels
  }

  /** All outputs in one pass. */
  map(program: Program, inputs: readonly DeviceArray[], launch: Launch = {}): DeviceArray[] {
    const length = launchLength(inputs, launch)
    const repetition = launch.repeat && repetitionOf(program, inputs, launch, length)
    if (repetition) return this.mapRepeated(program, inputs, launch, length, repetition)
    const slots = evaluate(program.slots, launch.hypers ?? {})
    const used = program.inputs.map((position) => this.own(inputs[position]!))
    const single = program.inputs.filter((_, k) => used[k]!.length === 1)
    const outputs = program.outputs.map((_, k) => this.into(launch.into?.[k], length))
    if (length === 0) return outputs
    const { map: run } = this.compiled(program, single)
    const args = used.map((array) => (array.length === 1 ? array.own![0]! : this.at(array)))
    if (length === 1) this.#alone(run, [...args, ...slots], outputs)
    else run(length * 4, ...args, ...slots, ...outputs.map((array) => this.at(array)))
    return outputs
  }

  /** A single value is computed as all others are, in a vector, and then taken out of the memory. */
  #alone(run: (...args: number[]) => void, args: number[], outputs: SimdArray[]): void {
    const places = outputs.map(() => this.memory.allocate(1))
    run(4, ...args, ...places.map(({ at }) => at))
    for (const [k, place] of places.entries()) {
      outputs[k]!.own = this.memory.view(place, 1).slice()
      this.memory.free(place)
    }
  }

  matmul(a: DeviceArray, b: DeviceArray, product: MatrixProduct, finish?: Finish): DeviceArray {
    checkProduct(a, b, product)
    const made = this.#product(a, b, product)
    return finish ? plain.finish(this, made, product, finish) : made
  }

  #product(a: DeviceArray, b: DeviceArray, product: MatrixProduct): DeviceArray {
    const { rows, inner, columns, transposeA = false, transposeB = false } = product
    const result = this.make(rows * columns)
    if (result.length === 0) return result
    const temporary: Block[] = []
    const place = (length: number) => {
      const block = this.memory.allocate(length)
      temporary.push(block)
      return block
    }
    /** Where an array lies; a single value is put into the memory for the while. */
    const address = (array: SimdArray) => {
      if (array.length > 1) return this.at(array)
      const block = place(1)
      this.memory.view(block, 1).set(array.own!)
      return block.at
    }
    const left = address(this.own(a))
    let right = address(this.own(b))
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
    if (result.own) result.own[0] = this.memory.view(out, 1)[0]!
    for (const block of temporary) this.memory.free(block)
    return result
  }
}
