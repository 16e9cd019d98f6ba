import {
  type Backend,
  checkProduct,
  type DeviceArray,
  type Launch,
  launchLength,
  type MatrixProduct,
} from './backend.js'
import { evaluate } from './graph.js'
import { foldSource, type KernelText, matmulSource, toKernels } from './kernels.js'
import { type Program, program } from './rule.js'
import type { BackendName } from './use.js'

/** What gpu.js hands back with `pipeline`: a texture on a GPU, a Float32Array on webasm and cpu. */
type Handle =
  | Float32Array
  | { toArray(): ArrayLike<number> | Promise<ArrayLike<number>>; delete?(): void }

interface Kernel {
  (...args: unknown[]): Handle | Promise<Handle>
  kernel: object
}

type KernelClass = (abstract new (...args: never[]) => object) & { readonly isSupported: boolean }

interface GpuModule {
  GPU: {
    new (settings: { mode: string }): { createKernel(source: string, settings: object): Kernel }
    isWebGPUAvailable(): Promise<boolean>
  }
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
  const adapter = name !== 'gpu:webgpu' || (await module.GPU.isWebGPUAvailable())
  const asked = name.slice('gpu:'.length) as Mode
  if (name !== 'gpu' && !(supported(asked) && adapter))
    throw new Error(`gpu: mode ${asked} is not available here; it ${modes[asked].enable}`)
  const mode = name === 'gpu' ? automatic.find(supported)! : asked
  return new Gpu(module, mode)
}

class GpuArray implements DeviceArray {
  constructor(
    readonly owner: Gpu,
    readonly handle: Handle | Promise<Handle>,
    readonly length: number,
  ) {}
}

/** Textures are freed when nothing points to their array any more, or at once by `release`. */
const collector = new FinalizationRegistry<() => void>((free) => free())

class Gpu implements Backend {
  readonly name: string
  readonly #gpu: InstanceType<GpuModule['GPU']>
  readonly #proof: KernelClass
  readonly #kernels = new Map<string, Kernel>()
  #queue: Promise<unknown> = Promise.resolve()
  readonly #plans = new WeakMap<Program, Map<string, KernelText[]>>()

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
    const handle = await this.#own(array).handle
    return Float64Array.from(handle instanceof Float32Array ? handle : await handle.toArray())
  }

  readSync(_array: DeviceArray, caller: string): never {
    throw new Error(
      `${caller}: ${this.name} is read asynchronously; use await …item() or await …data()`,
    )
  }

  release(array: DeviceArray): void {
    collector.unregister(array)
    this.#free(this.#own(array).handle)
  }

  /** Textures wait for the garbage collector. */
  park(): void {}

  /** Launches that wait may still read the handle: it goes after them. */
  #free(handle: Handle | Promise<Handle>): void {
    if (handle instanceof Promise)
      this.#queue
        .then(() => handle)
        .then(
          (ready) => this.#free(ready),
          () => {},
        )
    else if (!(handle instanceof Float32Array)) handle.delete?.()
  }

  map(program: Program, inputs: readonly DeviceArray[], launch: Launch = {}): DeviceArray[] {
    const length = launchLength(inputs, launch)
    const values = evaluate(program.slots, launch.hypers ?? {})
    const single = program.inputs.filter((position) => inputs[position]!.length === 1)
    return this.#plan(program, single).map(({ source, inputs: used, slots }) =>
      this.#run(source, length, [
        ...used.map((position) => this.#own(inputs[position]!)),
        ...slots.map((k) => values[k]!),
      ]),
    )
  }

  /** Kernels of a program, one an output: the form that runs in every mode of gpu.js. */
  #plan(program: Program, single: readonly number[]): KernelText[] {
    const key = single.join()
    let plans = this.#plans.get(program)
    if (!plans) {
      plans = new Map()
      this.#plans.set(program, plans)
    }
    let plan = plans.get(key)
    if (!plan) {
      plan = toKernels(program, single)
      plans.set(key, plan)
    }
    return plan
  }

  /** Each thread takes about √n elements, then one thread takes the rest: two launches, errors that grow like √n. */
  fold(kind: 'sum' | 'max', array: DeviceArray): DeviceArray {
    const { length } = array
    if (length === 1) return this.map(copy, [array])[0]!
    const chunk = Math.ceil(Math.sqrt(length))
    const parts = Math.ceil(length / chunk)
    const pass = (from: DeviceArray, part: number, threads: number) =>
      this.#run(foldSource(kind, from.length, part), threads, [this.#own(from)])
    const partial = pass(array, chunk, parts)
    const total = pass(partial, parts, 1)
    this.release(partial)
    return total
  }

  matmul(a: DeviceArray, b: DeviceArray, product: MatrixProduct): DeviceArray {
    checkProduct(a, b, product)
    const { rows, columns } = product
    return this.#run(matmulSource(product), rows * columns, [this.#own(a), this.#own(b)])
  }

  #own(array: DeviceArray): GpuArray {
    if (array instanceof GpuArray && array.owner === this) return array
    throw new TypeError(`${this.name}: got an array of another backend`)
  }

  /** gpu.js fixes the lengths of output and textures when it compiles: one kernel for each combination. */
  #run(source: string, length: number, args: (GpuArray | Float32Array | number)[]): DeviceArray {
    const lengths = args.map((arg) => (typeof arg === 'number' ? '' : arg.length))
    const key = `${length} ${lengths} ${source}`
    let kernel = this.#kernels.get(key)
    if (!kernel) {
      const settings = { output: [length], pipeline: true, immutable: true, precision: 'single' }
      kernel = this.#gpu.createKernel(source, settings)
      this.#kernels.set(key, kernel)
    }
    const handle = this.#launch(
      kernel,
      args.map((arg) => (arg instanceof GpuArray ? arg.handle : arg)),
      source,
    )
    const array = new GpuArray(this, handle, length)
    collector.register(array, () => this.#free(handle), array)
    return array
  }

  /** WebGPU answers with promises: launches wait in a queue, and an error shows when the result is read. */
  #launch(kernel: Kernel, args: unknown[], source: string): Handle | Promise<Handle> {
    if (args.some((arg) => arg instanceof Promise)) {
      const waiting = this.#queue
        .then(() => Promise.all(args))
        .then((ready) => this.#launch(kernel, ready, source))
      this.#queue = waiting.catch(() => {})
      return waiting
    }
    const handle = kernel(...args)
    if (!(kernel.kernel instanceof this.#proof))
      throw new Error(
        `${this.name}: gpu.js fell back to ${kernel.kernel.constructor.name} for\n${source}`,
      )
    return handle
  }
}

const copy = program('(a) => [a]')
