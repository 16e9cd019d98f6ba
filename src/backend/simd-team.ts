import type { Block, SimdMemory } from './simd-memory.js'
import { startThread, type Thread } from './simd-thread.js'
import { places } from './simd-worker.js'
import { sharing } from './wasm-shared.js'

/** How long a thread that has nothing to do looks for the next launch, in ms: waking one takes longer than a small launch. */
const spin = 0.1
/** How long a launch looks for chunks of others to be done before it sleeps, in ms. */
const patience = 0.05
/** After so long without a chunk being done (one takes less than a millisecond), a thread is taken for dead. */
const mostWait = 30_000

const closed = 0xffff_ffffn

interface Module {
  readonly id: number
  readonly block: Block
  readonly length: number
  readonly functions: readonly string[]
}

/**
 * Threads over one memory. A launch is a list of calls of one function, its chunks, which all threads claim, the caller too. A thread that the
 * system does not run claims nothing, and nobody waits for it; for a chunk that another one has begun the caller waits.
 */
export class Team {
  readonly #memory: SimdMemory
  readonly #control: number
  readonly #ints: Int32Array
  readonly #words: BigInt64Array
  readonly #bytes = new WeakMap<WebAssembly.Exports, Uint8Array<ArrayBuffer>>()
  readonly #modules = new WeakMap<WebAssembly.Exports, Module>()
  readonly #collector = new FinalizationRegistry<Block>((block) => this.#memory.free(block))
  readonly #mostWait: number
  readonly #canSleep: boolean
  #threads: Thread[] = []
  #table: Block | undefined
  #made = 0
  /** A launch began and did not end: the user interrupted it, if another one begins. */
  #running = false
  #broken = false

  private constructor(memory: SimdMemory, workers: number, mostMs: number) {
    this.#memory = memory
    this.#mostWait = mostMs
    const size = places.busy + workers * 16
    this.#control = memory.allocate(size).at
    // Memory never moves, so this view of its first part stays good when it grows.
    this.#ints = new Int32Array(memory.memory.buffer, this.#control, size)
    this.#words = new BigInt64Array(memory.memory.buffer, this.#control, 1)
    this.#ints.fill(0)
    Atomics.store(this.#words, 0, closed)
    this.#canSleep = canSleep(this.#ints)
  }

  /** Starts so many threads, the caller counted. @throws Error if one does not start */
  static async start(
    memory: SimdMemory,
    threads: number,
    { mostWait: most = mostWait } = {},
  ): Promise<Team> {
    const team = new Team(memory, threads - 1, most)
    const starts = Array.from({ length: threads - 1 }, (_, number) =>
      startThread({ memory: memory.memory, control: team.#control, number, spin }),
    )
    const started = await Promise.allSettled(starts)
    for (const one of started) if (one.status === 'fulfilled') team.#threads.push(one.value)
    for (const one of started)
      if (one.status === 'rejected') {
        team.end()
        throw one.reason
      }
    for (const [k, thread] of team.#threads.entries())
      thread.ended(() => {
        if (Atomics.load(team.#ints, places.busy + k * 16) === 1) team.#break()
      })
    return team
  }

  /** Threads, the caller counted. */
  get size(): number {
    return this.#threads.length + 1
  }

  /** @internal */
  get threads(): readonly Thread[] {
    return this.#threads
  }

  get broken(): boolean {
    return this.#broken
  }

  /** The functions of a module, over the memory that is shared. */
  instance(bytes: Uint8Array<ArrayBuffer>, env: WebAssembly.ModuleImports): WebAssembly.Exports {
    const shared = sharing(bytes)
    const imports = { env: { memory: this.#memory.memory, ...env } }
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(shared), imports)
    this.#bytes.set(exports, shared)
    return exports
  }

  /** Calls a function of a module once for each `width` numbers of `calls`, in any order, all threads together. */
  run(exports: WebAssembly.Exports, name: string, calls: readonly number[], width: number): void {
    this.check()
    const count = calls.length / width
    const run = exports[name] as (...args: number[]) => void
    this.#open(exports, name, calls, width)
    for (;;) {
      const word = Atomics.load(this.#words, 0)
      const chunk = Number(word & closed)
      if (chunk >= count) break
      if (Atomics.compareExchange(this.#words, 0, word, word + 1n) !== word) continue
      run(...calls.slice(chunk * width, (chunk + 1) * width))
      Atomics.add(this.#ints, places.done, 1)
    }
    this.#await(places.done, (done) => done === count)
    // After this nobody claims, whatever chunks he believes there to be.
    Atomics.or(this.#words, 0, closed)
    this.#running = false
  }

  /** Ends all threads. */
  end(): void {
    for (const thread of this.#threads) thread.terminate()
  }

  /** Refuses to go on after a thread died within a launch, and tidies up after one that was interrupted. @throws Error */
  check(): void {
    if (this.#broken) this.#refuse()
    if (!this.#running) return
    // Nobody claims any more; what was claimed is waited for. The chunk that was interrupted was the caller's own.
    Atomics.or(this.#words, 0, closed)
    for (let k = 0; k < this.#threads.length; k++)
      this.#await(places.busy + k * 16, (busy) => busy === 0)
    this.#running = false
  }

  #open(exports: WebAssembly.Exports, name: string, calls: readonly number[], width: number): void {
    const module = this.#module(exports)
    if (!this.#table || this.#table.floats < calls.length * 2) {
      if (this.#table) this.#memory.free(this.#table)
      this.#table = undefined
      this.#table = this.#memory.allocate(calls.length * 2)
    }
    new Float64Array(this.#memory.memory.buffer, this.#table.at, calls.length).set(calls)
    const ints = this.#ints
    const launch = {
      count: calls.length / width,
      width,
      table: this.#table.at,
      module: module.id,
      bytes: module.block.at,
      length: module.length,
      function: module.functions.indexOf(name),
    }
    for (const [place, value] of Object.entries(launch))
      Atomics.store(ints, places[place as keyof typeof launch], value)
    Atomics.store(ints, places.done, 0)
    this.#running = true
    const next = BigInt(Atomics.load(ints, places.launch) + 1)
    Atomics.store(this.#words, 0, BigInt.asIntN(64, next << 32n))
    if (Atomics.load(ints, places.asleep) > 0) Atomics.notify(ints, places.launch)
  }

  /** The bytes of a module lie in the memory as long as its functions are not garbage. */
  #module(exports: WebAssembly.Exports): Module {
    let module = this.#modules.get(exports)
    if (module) return module
    const bytes = this.#bytes.get(exports)!
    const block = this.#memory.allocate(Math.ceil(bytes.length / 4))
    new Uint8Array(this.#memory.memory.buffer, block.at, bytes.length).set(bytes)
    module = { id: ++this.#made, block, length: bytes.length, functions: Object.keys(exports) }
    this.#modules.set(exports, module)
    this.#collector.register(exports, block)
    return module
  }

  /** Looks for a while, then sleeps: where others run on this processor, they get it. */
  #await(place: number, enough: (value: number) => boolean): void {
    const ints = this.#ints
    let since = performance.now()
    let last = Atomics.load(ints, place)
    for (let value = last; !enough(value); value = Atomics.load(ints, place)) {
      const now = performance.now()
      if (value !== last) since = now
      last = value
      if (Atomics.load(ints, places.failed) || now - since > this.#mostWait) {
        this.#break()
        this.#refuse()
      }
      if (now - since > patience && this.#canSleep) Atomics.wait(ints, place, value, 100)
    }
  }

  #break(): void {
    this.#broken = true
    this.end()
  }

  #refuse(): never {
    throw new Error(
      `simd: one of ${this.size} threads ended, or stood still for ${this.#mostWait / 1000} s, in the middle of a launch, so arrays may be half written; call useBackend again and make them anew`,
    )
  }
}

/** The main thread of a page may not sleep. */
function canSleep(ints: Int32Array): boolean {
  try {
    Atomics.wait(ints, places.asleep, 1, 0)
    return true
  } catch {
    return false
  }
}
