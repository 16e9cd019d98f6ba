import { uniforms24 } from '../nn/random.js'
import {
  type Axis,
  type Backend,
  checkProduct,
  type DeviceArray,
  type Finish,
  type Launch,
  launchLength,
  type MatrixProduct,
  outerOf,
  type RandomPlace,
} from './backend.js'
import {
  automatic,
  type GpuModule,
  type Handle,
  type Kernel,
  type KernelClass,
  type Mode,
  modes,
} from './gpu-modes.js'
import { evaluate } from './graph.js'
import {
  foldAxisSource,
  foldSource,
  type KernelText,
  matmulSource,
  pickSource,
  readAt,
  toKernels,
} from './kernels.js'
import { checkPicks, type Picks } from './picks.js'
import { plain } from './plain.js'
import { type Program, program } from './rule.js'
import type { BackendName } from './use.js'

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
  readonly #tables = new WeakMap<Picks, GpuArray>()
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
    const at = (position: number) =>
      readAt(inputs[position]!.length, length, launch.repeat?.[position])
    return this.#plan(program, at).map(({ source, inputs: used, slots }) =>
      this.#run(source, length, [
        ...used.map((position) => this.#own(inputs[position]!)),
        ...slots.map((k) => values[k]!),
      ]),
    )
  }

  /** Kernels of a program, one an output: the form that runs in every mode of gpu.js. */
  #plan(program: Program, at: (position: number) => string): KernelText[] {
    const key = program.inputs.map(at).join()
    let plans = this.#plans.get(program)
    if (!plans) {
      plans = new Map()
      this.#plans.set(program, plans)
    }
    let plan = plans.get(key)
    if (!plan) {
      plan = toKernels(program, at)
      plans.set(key, plan)
    }
    return plan
  }

  /** Each thread takes about √n elements, then one thread takes the rest: two launches, errors that grow like √n. */
  fold(kind: 'sum' | 'max', array: DeviceArray, axis?: Axis): DeviceArray {
    const { length } = array
    if (axis && axis.length !== length) {
      const places = outerOf(array, axis) * axis.inner
      return this.#run(foldAxisSource(kind, axis), places, [this.#own(array)])
    }
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

  matmul(a: DeviceArray, b: DeviceArray, product: MatrixProduct, finish?: Finish): DeviceArray {
    checkProduct(a, b, product)
    const { rows, columns } = product
    const made = this.#run(matmulSource(product), rows * columns, [this.#own(a), this.#own(b)])
    return finish ? plain.finish(this, made, product, finish) : made
  }

  mapEach(
    program: Program,
    launches: readonly { inputs: readonly DeviceArray[]; launch?: Launch }[],
  ): DeviceArray[][] {
    return plain.mapEach(this, program, launches)
  }

  reduce(
    kind: 'sum' | 'max',
    program: Program,
    tuples: readonly (readonly DeviceArray[])[],
    hypers?: Readonly<Record<string, number>>,
  ): DeviceArray {
    return plain.reduce(this, kind, program, tuples, hypers)
  }

  pick(array: DeviceArray, picks: Picks): DeviceArray {
    checkPicks(array, picks)
    const width = Math.max(1, picks.width)
    return this.#run(pickSource(width), picks.length, [this.#own(array), this.#table(picks, width)])
  }

  /** The picks on the device: written once. */
  #table(picks: Picks, width: number): GpuArray {
    let table = this.#tables.get(picks)
    if (!table) {
      const { starts, list, length } = picks
      const rows = new Float32Array(length * width).fill(-1)
      for (let place = 0; place < length; place++)
        rows.set(list.subarray(starts[place]!, starts[place + 1]!), place * width)
      table = this.#own(this.write(rows))
      this.#tables.set(picks, table)
    }
    return table
  }

  uniform(length: number, place: RandomPlace): DeviceArray {
    return this.write(uniforms24(length, place))
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
