import { createContext, Script } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { SimdMemory } from '../../src/backend/simd-memory.js'
import { Team } from '../../src/backend/simd-team.js'
import { assemble, WasmFunction } from '../../src/backend/wasm.js'

const teams: Team[] = []
afterEach(() => {
  for (const team of teams.splice(0)) team.end()
})

async function start(threads: number, mostWait = 20_000) {
  const memory = new SimdMemory({ shared: true })
  const team = await Team.start(memory, threads, { mostWait })
  teams.push(team)
  const at = memory.allocate(4096).at
  const ints = new Int32Array(memory.memory.buffer, at, 4096).fill(0)
  return { memory, team, at, ints }
}

/** `work(mark, stop)` calls what is imported as `sin`, leaves at `mark` what that gives, and ends when `stop` is not 0. */
function work(): Uint8Array<ArrayBuffer> {
  const f = new WasmFunction('work', ['i32', 'i32'])
  f.get(0).vector(1).lane(0).call(0).storePlain('f32')
  f.op('loop').get(1).loadPlain('i32').i32(0).op('i32.eq').jumpIf(0).op('end')
  return assemble([f], [['sin', 1]])
}

/** `fail(mark)` does as `work`, then reads far outside of the memory, unless it got 0. */
function failing(): Uint8Array<ArrayBuffer> {
  const f = new WasmFunction('fail', ['i32'])
  f.get(0).vector(1).lane(0).call(0).storePlain('f32')
  f.get(0).get(0).loadPlain('i32').i32(2).op('i32.shl').loadPlain('f32').storePlain('f32')
  return assemble([f], [['sin', 1]])
}

/** `add(place)` adds 1 to the number there: what is done twice, or not at all, is seen. */
function add(): Uint8Array<ArrayBuffer> {
  const f = new WasmFunction('add', ['i32'])
  f.get(0).get(0).loadPlain('f32').vector(1).lane(0).op('f32.add').storePlain('f32')
  return assemble([f])
}

type Started = Awaited<ReturnType<typeof start>>

/** Each of 1000 chunks is done once in each of `launches` launches. */
function checkLaunches({ team, memory }: Started, launches: number): void {
  const exports = team.instance(add(), {})
  const block = memory.allocate(1000)
  const floats = () => memory.view(block, 1000)
  floats().fill(0)
  const calls = Array.from({ length: 1000 }, (_, k) => block.at + k * 4)
  for (let k = 1; k <= launches; k++) {
    team.run(exports, 'add', calls, 1)
    expect(floats().every((value) => value === k)).toBe(true)
  }
}

/**
 * Two chunks, of which the caller has one and a thread the other, and holds it: `then` is called within the caller's chunk, once the
 * thread is in its own.
 */
function hold({ team, at, ints }: Started, then: () => void): void {
  const place = (k: number) => [at + k * 8, at + k * 8 + 4]
  const sin = () => {
    let other: number | undefined
    while (other === undefined) other = [0, 1].find((k) => Atomics.load(ints, k * 2) !== 0)
    Atomics.store(ints, (1 - other) * 2 + 1, 1)
    then()
    return 1
  }
  team.run(team.instance(work(), { sin }), 'work', [...place(0), ...place(1)], 2)
}

/**
 * Another thread lets both chunks end, a while after what is returned was called. It is begun before them: an interrupt may come before
 * a busy machine has begun the second.
 */
function later({ ints }: Started, ms: number): () => void {
  const called = 4
  const code = `const { ints, called, ms } = require('node:worker_threads').workerData
    Atomics.wait(ints, called, 0)
    Atomics.wait(ints, called, 1, ms)
    for (const place of [1, 3]) Atomics.store(ints, place, 1)`
  new Worker(code, { eval: true, workerData: { ints, called, ms } })
  return () => {
    Atomics.store(ints, called, 1)
    Atomics.notify(ints, called)
  }
}

/** Runs until V8 ends it, as an interrupt of the kernel does. */
function interrupted(run: () => void): void {
  const script = new Script('run()')
  expect(() => script.runInContext(createContext({ run }), { timeout: 300 })).toThrow('timed out')
}

test('each chunk of a launch is done once, by any number of threads', async () => {
  for (const threads of [2, 3, 5]) checkLaunches(await start(threads), 300)
}, 120_000)

test('more modules than a thread keeps, after the memory has grown', async () => {
  const started = await start(2)
  started.memory.allocate(1e7)
  for (let k = 0; k < 300; k++) checkLaunches(started, 2)
}, 120_000)

test('a thread that is gone has claimed nothing: the caller does all', async () => {
  const started = await start(3)
  checkLaunches(started, 3)
  started.team.end()
  checkLaunches(started, 300)
  expect(started.team.broken).toBe(false)
})

test('a thread that is slow in its chunk is waited for', async () => {
  const started = await start(2)
  later(started, 500)()
  hold(started, () => {})
  expect([...started.ints.subarray(0, 4)].filter((x) => x !== 0).length).toBe(4)
  checkLaunches(started, 100)
}, 60_000)

test('a thread that ends in its chunk is an error, not a hang; so is all that follows', async () => {
  const started = await start(2, 300)
  const { team } = started
  const message =
    /^simd: one of 2 threads ended, or stood still for 0.3 s, in the middle of a launch/
  expect(() => hold(started, () => team.end())).toThrow(message)
  expect(team.broken).toBe(true)
  expect(() => checkLaunches(started, 1)).toThrow(message)
  expect(() => team.check()).toThrow(message)
})

test('a thread that fails in its chunk is an error at once', async () => {
  const started = await start(2)
  const { team, ints, at } = started
  const sin = () => {
    while (Atomics.load(ints, 0) === 0 && Atomics.load(ints, 1) === 0);
    return 0
  }
  const exports = team.instance(failing(), { sin })
  expect(() => team.run(exports, 'fail', [at, at + 4], 1)).toThrow(/^simd: one of 2 threads ended/)
})

test('an interrupt of the caller in its chunk leaves all as it was', async () => {
  const started = await start(2)
  const letGo = later(started, 500)
  interrupted(() =>
    hold(started, () => {
      for (;;) Atomics.load(started.ints, 0)
    }),
  )
  letGo()
  checkLaunches(started, 100)
  expect(started.team.broken).toBe(false)
}, 60_000)

test('an interrupt while a thread is waited for does, too', async () => {
  const started = await start(3)
  const letGo = later(started, 500)
  interrupted(() => hold(started, () => {}))
  letGo()
  checkLaunches(started, 100)
  expect(started.team.broken).toBe(false)
}, 60_000)
