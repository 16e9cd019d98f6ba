import type { Backend } from './backend.js'
import { program } from './rule.js'
import { openSimd } from './simd.js'
import { SimdMemory } from './simd-memory.js'
import { SimdStore } from './simd-store.js'
import { Team } from './simd-team.js'
import { checkSharing, processors } from './simd-thread.js'

/** A memory that threads can share, as large as the system grants addresses for. */
function sharedMemory(): SimdMemory {
  for (let maximum = 2 ** 16 - 1; ; maximum = Math.ceil(maximum / 2)) {
    try {
      return new SimdMemory({ maximum, shared: true })
    } catch (error) {
      if (maximum < 1024) throw error
    }
  }
}

/** Simd whose long launches are shared by so many threads, the caller counted. @throws Error where threads cannot share memory */
export async function openThreads(threads: number): Promise<Backend> {
  checkSharing()
  const memory = sharedMemory()
  memory.team = await Team.start(memory, threads)
  return openSimd(memory)
}

/** Its threads were lost in the middle of a launch. */
export const isBroken = (backend: Backend): boolean =>
  backend instanceof SimdStore && backend.team?.broken === true

/** More are not asked for unless by number: they would share the same few roads to memory. */
const mostMeasured = 8
/** What a step of an optimizer does, over as many elements as a small model has. */
const rule = '(p, g, m) => [p - 0.1 * (m * 0.9 + g) / (Math.sqrt(p * p + g * g) + 1), m * 0.9 + g]'
const elements = 2 ** 19
const rounds = 30
/** Threads must be faster by so much, or one does it. */
const gain = 0.85

/** As many threads as pay here: `alone`, if none do. */
export async function openMeasured(alone: Backend): Promise<Backend> {
  let best = { backend: alone, ms: (await fastest(alone)) * gain }
  for (let threads = 2; threads <= Math.min(processors(), mostMeasured); threads *= 2) {
    const backend = await openThreads(threads)
    const ms = await fastest(backend)
    const loser = ms < best.ms ? best.backend : backend
    if (ms < best.ms) best = { backend, ms }
    if (loser instanceof SimdStore) loser.team?.end()
  }
  return best.backend
}

/** The fastest of a few dozen launches, in ms. */
async function fastest(backend: Backend): Promise<number> {
  const arrays = [0, 1, 2].map((k) => backend.write(new Float32Array(elements).fill(k / 4)))
  const [p, g, m] = arrays as [(typeof arrays)[0], (typeof arrays)[0], (typeof arrays)[0]]
  const measured = program(rule)
  let ms = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    backend.mapEach(measured, [{ inputs: [p, g, m], launch: { into: [p, m] } }])
    ms = Math.min(ms, performance.now() - start)
  }
  for (const array of arrays) backend.release(array)
  return ms
}
