/** 64 KiB, WebAssembly's unit. */
const page = 2 ** 16
/** One page less than 4 GiB, so that no end of an array wraps around to address 0. */
const most = 2 ** 16 - 1
/** Arrays start at multiples of 128 bytes and are padded to 32 floats: a loop in steps of four needs no tail. */
const padding = 32

/** A place in the memory. */
export interface Block {
  readonly at: number
  readonly floats: number
}

/**
 * One WebAssembly memory that grows, cut into blocks. A freed block serves the next array of its size class; there are eight
 * classes to a doubling, so a block wastes at most an eighth.
 */
export class SimdMemory {
  readonly memory = new WebAssembly.Memory({ initial: 16, maximum: most })
  readonly #free = new Map<number, Block[]>()
  #end = padding * 4
  #view = new Float32Array(this.memory.buffer)

  /** All floats. Growth replaces it: take it anew for each use. */
  get floats(): Float32Array<ArrayBuffer> {
    if (this.#view.buffer !== this.memory.buffer) this.#view = new Float32Array(this.memory.buffer)
    return this.#view
  }

  /** How many bytes blocks have ever needed at once. */
  get used(): number {
    return this.#end
  }

  allocate(length: number): Block {
    const floats = sizeClass(length)
    const found = this.#free.get(floats)?.pop()
    if (found) return found
    const at = this.#end
    const end = at + floats * 4
    this.#reserve(end, length)
    this.#end = end
    return { at, floats }
  }

  free(block: Block): void {
    const blocks = this.#free.get(block.floats)
    if (blocks) blocks.push(block)
    else this.#free.set(block.floats, [block])
  }

  /** The numbers of an array: valid until the memory grows. */
  view({ at }: Block, length: number): Float32Array<ArrayBuffer> {
    return this.floats.subarray(at / 4, at / 4 + length)
  }

  #reserve(end: number, length: number): void {
    const now = this.memory.buffer.byteLength / page
    const needed = Math.ceil(end / page) - now
    if (needed <= 0) return
    const generous = Math.max(needed, Math.min(Math.ceil(now / 4), most - now))
    if (!this.#grow(generous) && !this.#grow(needed))
      throw new RangeError(
        `simd: no room for an array of ${length} values: ${Math.round(this.#end / 2 ** 20)} MiB are in use, of at most 4096; take smaller arrays, or gpu`,
      )
  }

  #grow(pages: number): boolean {
    try {
      this.memory.grow(pages)
      return true
    } catch {
      return false
    }
  }
}

/** From 4 KiB on a block is 128 bytes longer than a power of two: arrays of one length then do not compete for the same lines of the cache. */
function sizeClass(length: number): number {
  const step = Math.max(padding, 2 ** Math.floor(Math.log2(Math.max(1, length)) - 3))
  const floats = Math.max(1, Math.ceil(length / step)) * step
  return floats < 1024 ? floats : floats + padding
}
