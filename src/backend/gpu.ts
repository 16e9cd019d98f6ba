import { type Backend, type DeviceArray, type Launch, launchLength } from './backend.js'
import { emit } from './emit.js'
import { evaluate } from './graph.js'
import type { Program } from './rule.js'
import type { BackendName } from './use.js'

/** What gpu.js hands back with `pipeline`: a texture on a GPU, a Float32Array on webasm and cpu. */
type Handle =
  | Float32Array
  | { toArray(): ArrayLike<number> | Promise<ArrayLike<number>>; delete?(): void }

interface Kernel {
  (...args: unknown[]): Handle
  kernel: object
}

type KernelClass = (abstract new (...args: never[]) => object) & { readonly isSupported: boolean }

interface GpuModule {
  GPU: new (settings: {
    mode: string
  }) => { createKernel(source: string, settings: object): Kernel }
  WebGPUKernel: KernelClass
  WebGL2Kernel: KernelClass
  WebGLKernel: KernelClass
  HeadlessGLKernel: KernelClass
  WebAssemblyKernel: KernelClass
  CPUKernel: KernelClass
}

/** Modes, best first, each with the class that proves that it really runs, and what would enable it. */
const modes = {
  webgpu: { proof: 'WebGPUKernel', enable: 'needs a browser with WebGPU' },
  webgl2: { proof: 'WebGL2Kernel', enable: 'needs a browser with WebGL 2' },
  webgl: { proof: 'WebGLKernel', enable: 'needs a browser with WebGL' },
  headlessgl: {
    proof: 'HeadlessGLKernel',
    enable: 'needs Node and its optional package: npm install gl',
  },
  webasm: { proof: 'WebAssemblyKernel', enable: 'needs WebAssembly with SIMD' },
  cpu: { proof: 'CPUKernel', enable: '' },
} as const

type Mode = keyof typeof modes

/** What `gpu` alone may choose. WebGPU is only taken by name: its start and its reads are asynchronous in gpu.js. */
const automatic: readonly Mode[] = ['webgl2', 'webgl', 'headlessgl', 'webasm', 'cpu']

export async function openGpu(name: BackendName): Promise<Backend> {
  const loaded = (await import('gpu.js')) as unknown as GpuModule & { default?: GpuModule }
  const module = loaded.default ?? loaded
  const supported = (mode: Mode) => module[modes[mode].proof].isSupported
  const asked = name.slice('gpu:'.length) as Mode
  if (name !== 'gpu' && !supported(asked))
    throw new Error(`gpu: mode ${asked} is not available here; it ${modes[asked].enable}`)
  const mode = name === 'gpu' ? automatic.find(supported)! : asked
  return new Gpu(module, mode)
}

class GpuArray implements DeviceArray {
  constructor(
    readonly owner: Gpu,
    readonly handle: Handle,
    readonly length: number,
  ) {}
}

class Gpu implements Backend {
  readonly name: string
  readonly #gpu: InstanceType<GpuModule['GPU']>
  readonly #proof: KernelClass
  readonly #kernels = new Map<string, Kernel>()

  constructor(module: GpuModule, mode: Mode) {
    this.name = `gpu: ${mode}`
    this.#gpu = new module.GPU({ mode })
    this.#proof = module[modes[mode].proof]
  }

  write(values: ArrayLike<number>): DeviceArray {
    const source = 'function write(a) { return a[this.thread.x]; }'
    return this.#run(source, values.length, [Float32Array.from(values)])
  }

  async read(array: DeviceArray): Promise<Float64Array> {
    const handle = this.#handle(array)
    return Float64Array.from(handle instanceof Float32Array ? handle : await handle.toArray())
  }

  readSync(_array: DeviceArray, caller: string): never {
    throw new Error(
      `${caller}: ${this.name} can only be read asynchronously; use await …item() or await …data()`,
    )
  }

  map(program: Program, inputs: readonly DeviceArray[], launch: Launch = {}): DeviceArray[] {
    const length = launchLength(inputs, launch)
    const values = evaluate(program.slots, launch.hypers ?? {})
    return program.outputs.map((output) => {
      const { statements, results } = emit(program, [output], {
        input: (position) => `x${position}`,
        truth: (slot) => `${slot} > 0.5`,
      })
      const text = [...statements, `return ${results[0]};`].join('\n')
      const arrays = program.inputs.filter((position) =>
        new RegExp(`\\bx${position}\\b`).test(text),
      )
      const slots = values.map((_, k) => k).filter((k) => new RegExp(`\\bu${k}\\b`).test(text))
      const loads = arrays.map((position) => {
        const index = inputs[position]!.length === 1 ? '0' : 'this.thread.x'
        return `const x${position} = a${position}[${index}];`
      })
      const args = [...arrays.map((position) => `a${position}`), ...slots.map((k) => `u${k}`)]
      const source = `function rule(${args.join(', ')}) {\n${[...loads, text].join('\n')}\n}`
      return this.#run(source, length, [
        ...arrays.map((position) => this.#handle(inputs[position]!)),
        ...slots.map((k) => values[k]!),
      ])
    })
  }

  /** Each thread takes about √n elements, then one thread takes the rest: two launches, errors that grow like √n. */
  fold(kind: 'sum' | 'max', array: DeviceArray): DeviceArray {
    const { length } = array
    if (length === 1) return array
    const part = Math.ceil(Math.sqrt(length))
    const parts = Math.ceil(length / part)
    const pass = (from: DeviceArray, chunk: number, threads: number) => {
      const take = kind === 'sum' ? 'total = total + a[i];' : 'if (a[i] > total) { total = a[i]; }'
      const source = `function fold(a) {
  const first = this.thread.x * ${chunk};
  let total = ${kind === 'sum' ? '0' : 'a[first]'};
  for (let k = 0; k < ${chunk}; k++) {
    const i = first + k;
    if (i < ${from.length}) { ${take} }
  }
  return total;
}`
      return this.#run(source, threads, [this.#handle(from)])
    }
    return pass(pass(array, part, parts), parts, 1)
  }

  #handle(array: DeviceArray): Handle {
    if (array instanceof GpuArray && array.owner === this) return array.handle
    throw new TypeError(`${this.name}: got an array of another backend`)
  }

  /** gpu.js fixes the output's length, and the lengths of textures, when it compiles: one kernel for each. */
  #run(source: string, length: number, args: unknown[]): DeviceArray {
    const key = `${length} ${args.map((arg) => (typeof arg === 'number' ? '' : (arg as { length?: number }).length))} ${source}`
    let kernel = this.#kernels.get(key)
    if (!kernel) {
      const settings = { output: [length], pipeline: true, immutable: true, precision: 'single' }
      kernel = this.#gpu.createKernel(source, settings)
      this.#kernels.set(key, kernel)
    }
    const handle = kernel(...args)
    if (!(kernel.kernel instanceof this.#proof))
      throw new Error(
        `${this.name}: gpu.js fell back to ${kernel.kernel.constructor.name} for\n${source}`,
      )
    return new GpuArray(this, handle, length)
  }
}
