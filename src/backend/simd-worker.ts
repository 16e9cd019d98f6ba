/**
 * Where threads meet in the memory they share, as places of 4 bytes. `chunk` and `launch` are one number of 8 bytes, for a claim is one
 * compare-and-swap of both. What different threads write lies 64 bytes apart, in lines of the cache of its own.
 */
export const places = {
  chunk: 0,
  launch: 1,
  /** How many threads are asleep. */
  asleep: 16,
  /** How many chunks of this launch are done. */
  done: 32,
  /** A thread failed. */
  failed: 48,
  /** What is launched: chunks, the arguments of each as float64, a module and where its bytes are, which of its functions. */
  count: 64,
  width: 65,
  table: 66,
  module: 67,
  bytes: 68,
  length: 69,
  function: 70,
  /** From here on, 16 places for each thread: whether it looks for chunks. */
  busy: 80,
} as const

export interface WorkerData {
  readonly memory: WebAssembly.Memory
  /** Where the places are. */
  readonly control: number
  /** Its place, from 0. */
  readonly number: number
  /** How long to look for the next launch before it goes to sleep, in ms. */
  readonly spin: number
}

/**
 * What a thread runs. It is text, since no bundler can then lose the file. A launch is read, then claimed from: the first claim fails
 * if what was read belongs to a launch that is over. Modules are known by number; their bytes lie in the memory, for a thread that
 * sleeps there receives no message.
 */
export const workerSource = `(tell) => ({ memory, control, number, spin }) => {
  const at = ${JSON.stringify(places)}
  const ints = new Int32Array(memory.buffer, control)
  const words = new BigInt64Array(memory.buffer, control, 1)
  const busy = at.busy + number * 16
  const env = { memory }
  for (const name of Object.getOwnPropertyNames(Math)) env[name] = Math[name]
  const known = new Map()
  const pause = Atomics.pause ?? (() => {})
  let launch = 0
  const await_ = () => {
    const end = performance.now() + spin
    while (performance.now() < end)
      for (let k = 0; k < 50; k++) {
        if (Atomics.load(ints, at.launch) !== launch) return
        pause()
      }
    Atomics.add(ints, at.asleep, 1)
    Atomics.wait(ints, at.launch, launch)
    Atomics.sub(ints, at.asleep, 1)
  }
  const view = (Type, start, length) => {
    if (memory.buffer.byteLength < start + length * Type.BYTES_PER_ELEMENT) memory.grow(0)
    return new Type(memory.buffer, start, length)
  }
  const serve = () => {
    const [count, width, table, module, bytes, length, index] = [at.count, at.width, at.table, at.module, at.bytes, at.length, at.function]
      .map((place) => Atomics.load(ints, place) >>> 0)
    const old = (word) => Number(BigInt.asIntN(32, word >> 32n)) !== launch || Number(word & 0xffffffffn) >= count
    let functions = known.get(module)
    // What was read may already be another launch's: it is used once a swap has shown that this one is not over.
    const copy = functions || view(Uint8Array, bytes, length).slice()
    const now = Atomics.load(words, 0)
    if (old(now) || old(Atomics.compareExchange(words, 0, now, now))) return
    if (!functions) {
      functions = Object.values(new WebAssembly.Instance(new WebAssembly.Module(copy), { env }).exports)
      known.set(module, functions)
      if (known.size > 256) known.delete(known.keys().next().value)
    }
    const run = functions[index]
    for (;;) {
      const word = Atomics.load(words, 0)
      if (old(word)) return
      if (Atomics.compareExchange(words, 0, word, word + 1n) !== word) continue
      run(...view(Float64Array, table + Number(word & 0xffffffffn) * width * 8, width))
      Atomics.add(ints, at.done, 1)
      Atomics.notify(ints, at.done)
    }
  }
  tell('ready')
  try {
    for (;;) {
      await_()
      const next = Atomics.load(ints, at.launch)
      if (next === launch) continue
      launch = next
      Atomics.store(ints, busy, 1)
      serve()
      Atomics.store(ints, busy, 0)
      Atomics.notify(ints, busy)
    }
  } catch (error) {
    Atomics.store(ints, at.failed, 1)
    Atomics.notify(ints, at.done)
    tell(String(error))
  }
}`
