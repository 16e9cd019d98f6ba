import type { Team } from './simd-team.js'

/** 64 KiB, WebAssembly's unit. */
const page = 2 ** 16
/** One page less than 4 GiB, so that no end of an array wraps around to address 0. */
const most = 2 ** 16 - 1
const initial = 16
/** Arrays start at multiples of 128 bytes and are padded to 32 floats: a loop in steps of four needs no tail. */
const padding = 32

/** A place in the memory. */
export interface Block {
  readonly at: number
  readonly floats: number
}

/** From here on, in floats, a freed block is merged with free neighbours and may be cut: 64 KiB. */
const large = 2 ** 14
/** What smaller blocks are cut from, in floats. */
const slab = 2 ** 16

/**
 * One WebAssembly memory that grows, cut into blocks. A small block serves the next array of its size class when it is freed; there are
 * eight classes to a doubling, so it wastes at most an eighth. Large ones are merged, so sizes may change without end.
 */
export class SimdMemory {
  readonly memory: WebAssembly.Memory
  readonly #maximum: number
  /** Threads that share it. */
  team: Team | undefined
  readonly #small = new Map<number, Block[]>()
  /** Free large blocks, by where they start and by where they end. */
  readonly #starts = new Map<number, Block>()
  readonly #ends = new Map<number, Block>()
  #slab: Block = { at: 0, floats: 0 }
  #end = padding * 4
  #used = this.#end
  #view: Float32Array<ArrayBuffer>

  constructor({ maximum = most, shared = false } = {}) {
    this.memory = new WebAssembly.Memory({ initial, maximum, shared })
    this.#maximum = maximum
    this.#view = new Float32Array(this.memory.buffer)
  }

  /** All floats. Growth replaces it: take it anew for each use. */
  get floats(): Float32Array<ArrayBuffer> {
    return this.#view
  }

  /** How many bytes blocks have ever needed at once. */
  get used(): number {
    return this.#used
  }

  allocate(length: number): Block {
    const floats = sizeClass(length)
    if (floats >= large) return this.#take(floats, length)
    const found = this.#small.get(floats)?.pop()
    if (found) return found
    if (this.#slab.floats < floats) this.#slab = this.#take(slab, length)
    const { at, floats: left } = this.#slab
    this.#slab = { at: at + floats * 4, floats: left - floats }
    return { at, floats }
  }

  free(block: Block): void {
    if (block.floats >= large) this.#merge(block)
    else {
      const blocks = this.#small.get(block.floats)
      if (blocks) blocks.push(block)
      else this.#small.set(block.floats, [block])
    }
  }

  /** The smallest hole that is large enough, or new room at the end. */
  #take(floats: number, length = floats): Block {
    let hole: Block | undefined
    for (const one of this.#starts.values())
      if (one.floats >= floats && (!hole || one.floats < hole.floats)) hole = one
    if (!hole) {
      const at = this.#end
      this.#reserve(at + floats * 4, length)
      this.#end = at + floats * 4
      this.#used = Math.max(this.#used, this.#end)
      return { at, floats }
    }
    this.#forget(hole)
    const rest = { at: hole.at + floats * 4, floats: hole.floats - floats }
    if (rest.floats < large) return hole
    this.#keep(rest)
    return { at: hole.at, floats }
  }

  #merge({ at, floats }: Block): void {
    const before = this.#ends.get(at)
    const after = this.#starts.get(at + floats * 4)
    for (const hole of [before, after]) if (hole) this.#forget(hole)
    const start = before?.at ?? at
    const whole = { at: start, floats: (before?.floats ?? 0) + floats + (after?.floats ?? 0) }
    if (start + whole.floats * 4 === this.#end) this.#end = start
    else this.#keep(whole)
  }

  #keep(hole: Block): void {
    this.#starts.set(hole.at, hole)
    this.#ends.set(hole.at + hole.floats * 4, hole)
  }

  #forget(hole: Block): void {
    this.#starts.delete(hole.at)
    this.#ends.delete(hole.at + hole.floats * 4)
  }

  /** The numbers of an array: valid until the memory grows. */
  view({ at }: Block, length: number): Float32Array<ArrayBuffer> {
    return this.floats.subarray(at / 4, at / 4 + length)
  }

  #reserve(end: number, length: number): void {
    const now = this.memory.buffer.byteLength / page
    const needed = Math.ceil(end / page) - now
    if (needed <= 0) return
    const generous = Math.max(needed, Math.min(Math.ceil(now / 4), this.#maximum - now))
    if (!this.#grow(generous) && !this.#grow(needed))
      throw new RangeError(
        `simd: no room for an array of ${length} values: ${Math.round(this.#end / 2 ** 20)} MiB are in use, of at most ${Math.ceil(this.#maximum / 16)}; take smaller arrays, evaluate within noGrad(() => …), or use gpu`,
      )
  }

  #grow(pages: number): boolean {
    try {
      this.memory.grow(pages)
      this.#view = new Float32Array(this.memory.buffer)
      return true
    } catch {
      return false
    }
  }
}

/**
 * A block is 128 bytes longer than it need be: a row may be written up to 31 floats past its end, and arrays of one length, a power of
 * two, do not compete for the same lines of the cache.
 */
function sizeClass(length: number): number {
  const step = length < 512 ? padding : 2 ** (28 - Math.clz32(length)) // an eighth of the power of two below
  const floats = Math.max(1, Math.ceil(length / step)) * step
  return floats + padding
}
