import type { DeviceArray } from './backend.js'
import { type Kept, KernelCache } from './gpu-kernel-cache.js'
import { type GpuModule, type Handle, type Kernel, type Mode, modes } from './gpu-modes.js'
import { adapterName, type Renderer, rendererOf } from './gpu-renderer.js'
import { withOneMemory } from './gpu-webasm.js'

/** The source of a kernel, and what it does, for messages. */
export interface Task {
  readonly what: string
  readonly source: string
}

type Argument = GpuArray | Float32Array | number

export class GpuArray implements DeviceArray {
  #weight: ArrayBuffer | undefined

  constructor(
    readonly owner: Launcher,
    readonly result: Result,
    readonly length: number,
  ) {}

  /** The garbage collector counts bytes of JavaScript, not those of a GPU: without some here it would not come for days. */
  weigh(): void {
    if (this.owner.onGpu && !this.result.freed)
      this.#weight ??= new ArrayBuffer(Math.max(4 * this.length, 2 ** 14))
  }
}

/** What a launch gives; it outlives its array until the launches that wait have read it. */
interface Result {
  readonly handle: Handle | Promise<Handle>
  /** Where it came from: gpu.js may not forget a kernel whose results live. */
  readonly kernel?: Kept
  freed: boolean
}

/** Textures are freed when nothing points to their array any more, or at once by `release`. */
const collector = new FinalizationRegistry<() => void>((free) => free())

/** Kernels index arrays by float32, which counts exactly to here. */
const longest = 2 ** 24

interface Device {
  readonly limits: { readonly maxStorageBuffersPerShaderStage: number }
  pushErrorScope(kind: string): void
  popErrorScope(): Promise<{ message: string } | null>
  addEventListener(kind: 'uncapturederror', listen: (event: { error: Error }) => void): void
}

/** Runs kernels of gpu.js in one mode, in order, and holds what they give. */
export class Launcher {
  readonly #gpu
  readonly #proof
  readonly #kernels: KernelCache
  #queue: Promise<unknown> = Promise.resolve()
  #renderer: Renderer = { name: '', software: false }
  #device: Device | undefined
  /** How many arrays a kernel may read. */
  #most = Number.POSITIVE_INFINITY
  /** An error that WebGPU reported after the launch: the next read throws it. */
  #fault: string | undefined

  private constructor(
    module: GpuModule,
    readonly mode: Mode,
  ) {
    this.#gpu = new module.GPU({ mode })
    this.#proof = module[modes[mode].proof]
    if (mode === 'webasm') this.#gpu.Kernel = withOneMemory(this.#proof)
    this.#kernels = new KernelCache(this.#gpu)
  }

  /** Runs a first kernel, and looks what ran it. */
  static async open(module: GpuModule, mode: Mode): Promise<Launcher> {
    const launcher = new Launcher(module, mode)
    const array = launcher.write([1])
    await launcher.#look(await array.result.handle)
    launcher.free(array)
    return launcher
  }

  async #look(handle: Handle): Promise<void> {
    if (handle instanceof Float32Array) return
    if (this.mode !== 'webgpu') {
      const context = handle.context as WebGLRenderingContext
      this.#renderer = rendererOf(context)
      // gpu.js uses one unit for the result, and unit 15 for work of its own.
      this.#most = Math.min(context.getParameter(context.MAX_TEXTURE_IMAGE_UNITS), 16) - 1
      return
    }
    const { adapter, device } = handle.context as { adapter: object; device: Device }
    this.#renderer = adapterName(adapter)
    this.#most = device.limits.maxStorageBuffersPerShaderStage - 1
    this.#device = device
    device.addEventListener('uncapturederror', ({ error }) => {
      this.#fault ??= error.message
    })
  }

  /** "gpu: webgl2 (SwiftShader)" */
  get name(): string {
    return `gpu: ${this.mode}${this.#renderer.name && ` (${this.#renderer.name})`}`
  }

  /** How many arrays are not freed yet. */
  get inUse(): number {
    return this.#kernels.alive
  }

  get software(): boolean {
    return this.#renderer.software
  }

  get onGpu(): boolean {
    return this.mode !== 'webasm' && this.mode !== 'cpu'
  }

  write(values: ArrayLike<number>): GpuArray {
    const source = 'function write(a) { return a[this.thread.x]; }'
    this.#fits('write', values.length)
    return this.run({ what: 'write', source }, values.length, [Float32Array.from(values)])
  }

  async read({ result }: GpuArray): Promise<Float64Array> {
    const handle = await result.handle
    const values = handle instanceof Float32Array ? handle : await handle.toArray()
    const fault = this.#fault
    this.#fault = undefined
    if (fault) throw new Error(`${this.name}: ${fault}`)
    return Float64Array.from(values)
  }

  #fits(what: string, length: number): void {
    if (length > longest)
      throw new RangeError(
        `${this.name}: ${what}: an array holds at most 2^24 values, since kernels count in float32; got ${length}. Split it, or use simd`,
      )
  }

  /** gpu.js fixes the lengths of output and textures when it compiles: one kernel for each combination. */
  run(task: Task, length: number, args: readonly Argument[]): GpuArray {
    this.#fits(task.what, length)
    const arrays = args.filter((arg) => typeof arg !== 'number').length
    if (arrays > this.#most)
      throw new RangeError(
        `${this.name}: ${task.what}: a kernel reads at most ${this.#most} arrays here, got ${arrays}; split the rule, or use simd`,
      )
    if (length === 0) return new GpuArray(this, { handle: new Float32Array(0), freed: true }, 0)
    const lengths = args.map((arg) => (typeof arg === 'number' ? '' : arg.length))
    const kernel = this.#kernels.get(`${length} ${lengths} ${task.source}`, task.source, length)
    kernel.alive += 1
    const given = args.map((arg) => (arg instanceof GpuArray ? arg.result.handle : arg))
    const result: Result = {
      handle: this.#launch(kernel.run, given, task, length),
      kernel,
      freed: false,
    }
    const array = new GpuArray(this, result, length)
    collector.register(array, () => this.#free(result), array)
    return array
  }

  free(array: GpuArray): void {
    collector.unregister(array)
    this.#free(array.result)
  }

  /** Launches that wait may still read the handle: it goes after them. */
  #free(result: Result): void {
    if (result.freed) return
    result.freed = true
    const { handle, kernel } = result
    const now = (ready?: Handle) => {
      if (ready && !(ready instanceof Float32Array)) ready.delete?.()
      if (kernel) kernel.alive -= 1
    }
    if (handle instanceof Promise)
      this.#queue = this.#queue.then(() => handle).then(now, () => now())
    else now(handle)
  }

  /** WebGPU answers with promises: launches wait in a queue, and an error shows when the result is read. */
  #launch(kernel: Kernel, args: unknown[], task: Task, length: number): Handle | Promise<Handle> {
    if (this.mode !== 'webgpu') return this.#now(kernel, args, task, length) as Handle
    const waiting = this.#queue
      .then(() => Promise.all(args))
      .then((ready) => this.#now(kernel, ready, task, length))
    this.#queue = waiting.catch(() => {}) // whoever reads the result gets the error
    return waiting
  }

  #now(kernel: Kernel, args: unknown[], task: Task, length: number): Handle | Promise<Handle> {
    const failed = (error: unknown): never => {
      const why = (error as Error).message
      throw new Error(`${this.#words(task, length)} failed: ${why}`, { cause: error })
    }
    try {
      const close = this.#scopes(task, length)
      const handle = kernel(...args)
      close()
      if (!(kernel.kernel instanceof this.#proof))
        throw new Error(`gpu.js fell back to ${kernel.kernel.constructor.name} for\n${task.source}`)
      return handle instanceof Promise ? handle.catch(failed) : handle
    } catch (error) {
      return failed(error)
    }
  }

  #words = ({ what }: Task, length: number) => `${this.name}: ${what} (${length} values)`

  /** Listens to what WebGPU finds wrong with a launch: it says so later, and goes on with zeros. */
  #scopes(task: Task, length: number): () => void {
    const device = this.#device
    if (!device) return () => {}
    const kinds = ['validation', 'out-of-memory']
    for (const kind of kinds) device.pushErrorScope(kind)
    return () => {
      for (const _ of kinds)
        device.popErrorScope().then(
          (error) => {
            if (error) this.#fault ??= `${task.what} (${length} values) failed: ${error.message}`
          },
          () => {}, // the device is lost: reading says so
        )
    }
  }
}
