import { type Backend, type DeviceArray, type Launch, launchLength } from './backend.js'
import type { Program } from './rule.js'
import { costOf } from './simd-cost.js'
import { instanceOver } from './simd-instance.js'
import { kernelModule } from './simd-kernels.js'
import type { Kernels } from './simd-layers.js'
import { SimdProducts } from './simd-matmul.js'
import { SimdMemory } from './simd-memory.js'
import { leastShared } from './simd-pieces.js'
import { segmentOf } from './simd-repeat.js'
import type { SimdArray } from './simd-store.js'

/** Starts the backend. @throws Error where WebAssembly has no SIMD */
export function openSimd(memory = new SimdMemory()): Backend {
  const bytes = kernelModule()
  if (!globalThis.WebAssembly?.validate(bytes))
    throw new Error(
      'simd: this runtime has no WebAssembly with SIMD; use Node 20 or a browser of 2023 or newer, or "reference"',
    )
  return new Simd(memory, instanceOver(memory, bytes) as Kernels)
}

const none: Launch = {}

class Simd extends SimdProducts implements Backend {
  get name(): string {
    const { team } = this.memory
    return team ? `simd: ${team.size} threads` : 'simd'
  }

  /** All outputs in one pass. A single value is computed as all others are, in a vector, and then taken out of the memory. */
  map(program: Program, inputs: readonly DeviceArray[], launch: Launch = none): DeviceArray[] {
    const length = launchLength(inputs, launch)
    if (launch.repeat) {
      const segment = segmentOf(program, inputs, launch.repeat, length)
      if (segment > 0) return this.mapRepeated(program, inputs, launch, length, segment)
    }
    if (this.memory.team && length * costOf(program) >= leastShared)
      return this.mapEach(program, [{ inputs, launch: { ...launch, repeat: undefined } }])[0]!
    const args = [length * 4]
    let singles = 0
    for (let k = 0; k < program.inputs.length; k++) {
      const array = this.own(inputs[program.inputs[k]!]!)
      if (array.length === 1) singles += 2 ** k
      args.push(array.length === 1 ? array.own![0]! : array.length === 0 ? 0 : this.at(array))
    }
    this.slots(program, launch, args)
    const outputs: SimdArray[] = []
    const places = length === 1 ? this.places(program.outputs.length) : 0
    for (let k = 0; k < program.outputs.length; k++) {
      const output = this.into(launch.into?.[k], length)
      outputs.push(output)
      args.push(length > 1 ? this.at(output) : places + k * 32)
    }
    if (length === 0) return outputs
    this.compiled(program, singles).map(...args)
    if (length === 1) {
      const { floats } = this.memory
      for (let k = 0; k < outputs.length; k++) outputs[k]!.own![0] = floats[places / 4 + k * 8]!
    }
    return outputs
  }
}
