import type { KernelClass } from './gpu-modes.js'

/** One compiled form of a kernel, as gpu.js keeps it. */
interface Entry {
  sizeSignature: string
  shared: boolean
  layout: object
  cells: number
  instance: WebAssembly.Instance
  f32: Float32Array | null
  i32: Int32Array | null
  [more: string]: unknown
}

/** The members of gpu.js 2.24's WebAssemblyKernel that are used here. */
interface WebAssemblyKernel {
  usedMathImports: Set<string>
  threadDim: [number, number, number]
  _active: Entry | null
  _moduleCache: Map<string, Entry>
  computeLayout(args: ArrayLike<unknown>): object
  _assembleModule(
    layout: object,
    cells: number,
    shared: boolean,
  ): { bytes: BufferSource; initial: number }
  _instantiate(key: string, args: ArrayLike<unknown>): void
}

/** Pages of 64 kB. gpu.js declares at least so many as every kernel's maximum, so that one memory of that size fits all. */
const most = 4096

/**
 * The class of gpu.js with one memory for all its kernels. Its own gives each kernel a memory, for which an engine reserves some
 * gigabytes of addresses to check bounds without code; about 100 fill what V8 allows a page. A kernel copies its arguments in and its
 * result out, so what lies in memory between two runs is nobody's. A kernel that needs more than 256 MB gets a memory of its own.
 */
export function withOneMemory(Base: KernelClass): KernelClass {
  const Open = Base as unknown as new (...args: never[]) => WebAssemblyKernel
  const memory = new WebAssembly.Memory({ initial: 16, maximum: most })
  let f32 = new Float32Array(memory.buffer)
  let i32 = new Int32Array(memory.buffer)
  const grow = (pages: number) => {
    const missing = pages - memory.buffer.byteLength / 65536
    if (missing <= 0) return
    memory.grow(missing)
    f32 = new Float32Array(memory.buffer)
    i32 = new Int32Array(memory.buffer)
  }
  class OneMemory extends Open {
    override _instantiate(key: string, args: ArrayLike<unknown>): void {
      const layout = this.computeLayout(args)
      const [x, y, z] = this.threadDim
      const cells = x * y * z
      const { bytes, initial } = this._assembleModule(layout, cells, false)
      if (initial > most) {
        super._instantiate(key, args)
        return
      }
      grow(initial)
      const functions = [...this.usedMathImports].map((name) => [
        `math_${name}`,
        Math[name as 'exp'],
      ])
      const imports = { env: { memory, ...Object.fromEntries(functions) } }
      const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports)
      const { run, run_simd: runSimd = null } = instance.exports
      this._active = {
        ...{ sizeSignature: key, shared: false, layout, cells, instance, run, runSimd },
        // Growing detaches the views: they are looked up on each run.
        get f32() {
          return f32
        },
        set f32(_) {},
        get i32() {
          return i32
        },
        set i32(_) {},
      }
      this._moduleCache = new Map([[key, this._active]])
    }
  }
  return OneMemory as unknown as KernelClass
}
