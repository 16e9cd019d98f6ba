import { type Backend, type DeviceArray, type Launch, launchLength } from './backend.js'
import { evaluate } from './graph.js'
import type { Program } from './rule.js'
import { kernelModule } from './simd-kernels.js'
import type { Kernels } from './simd-layers.js'
import { SimdProducts } from './simd-matmul.js'
import { SimdMemory } from './simd-memory.js'
import { repetitionOf } from './simd-repeat.js'
import type { SimdArray } from './simd-store.js'

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

class Simd extends SimdProducts implements Backend {
  readonly name = 'simd'

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
}
