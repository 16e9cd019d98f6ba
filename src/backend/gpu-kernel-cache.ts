import type { Kernel, KernelMaker } from './gpu-modes.js'

/** A kernel and how many of its results are in use. */
export interface Kept {
  readonly run: Kernel
  alive: number
}

/**
 * Kernels by source and lengths. Beyond `limit` the one used longest ago goes, unless results of it live: with a kernel, gpu.js
 * deletes textures that it gave away.
 */
export class KernelCache {
  readonly #kept = new Map<string, Kept>()

  constructor(
    readonly maker: KernelMaker,
    readonly limit = 512,
  ) {}

  get size(): number {
    return this.#kept.size
  }

  /** How many results are in use. */
  get alive(): number {
    return [...this.#kept.values()].reduce((sum, { alive }) => sum + alive, 0)
  }

  /** The kernel of this key, for an output of this length; the map keeps the order of use. */
  get(key: string, source: string, length: number): Kept {
    const found = this.#kept.get(key)
    if (found) {
      this.#kept.delete(key)
      this.#kept.set(key, found)
      return found
    }
    // `precision` is highp everywhere: what gpu.js takes by itself for small arrays is less on phones.
    const settings = {
      output: [length],
      pipeline: true,
      immutable: true,
      precision: 'single',
      tactic: 'precision',
    }
    const made = { run: this.maker.createKernel(source, settings), alive: 0 }
    this.#shrink(this.limit - 1)
    this.#kept.set(key, made)
    return made
  }

  #shrink(size: number): void {
    for (const [key, { run, alive }] of this.#kept) {
      if (this.#kept.size <= size) return
      if (alive > 0) continue
      this.#kept.delete(key)
      run.destroy()
      const { kernels } = this.maker
      const at = kernels.indexOf(run.kernel) // those of cpu stay in gpu.js's list
      if (at >= 0) kernels.splice(at, 1)
    }
  }
}
