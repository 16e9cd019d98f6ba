import { setImmediate as turn } from 'node:timers/promises'
import { adamw, clipGradNorm, lamb, lookahead, parameter, tensor, useBackend } from 'downhill'
import { currentBackend } from '../../src/backend/use.js'

/** What 1,000 steps left behind, in bytes: in V8's heap, and in simd's memory. */
export interface Growth {
  heap: number
  memory: number
}

const collect = async (): Promise<void> => {
  // Finalizers run between tasks, and what they let go is found by the next collection.
  for (let k = 0; k < 4; k++) {
    ;(globalThis as unknown as { gc(): void }).gc()
    await turn()
  }
}

const kinds = {
  adamw: (params: readonly ReturnType<typeof parameter>[]) => adamw(params),
  lamb: (params: readonly ReturnType<typeof parameter>[]) => lamb(params),
  lookahead: (params: readonly ReturnType<typeof parameter>[]) => lookahead(adamw(params)),
}

/** Trains a model of many small tensors, with clipping; five windows of 1,000 steps, after two to warm up. */
async function grown(kind: keyof typeof kinds): Promise<Growth[]> {
  const params = Array.from({ length: 4 }, (_, k) =>
    parameter(Array.from({ length: k === 3 ? 1 : 40 + k }, (_, i) => Math.sin(i + k))),
  )
  const optimizer = kinds[kind](params)
  const inputs = params.map(({ size }) => tensor(Array.from({ length: size }, (_, i) => i % 3)))
  const step = () => {
    optimizer.zeroGrad()
    for (const [k, param] of params.entries()) param.mul(inputs[k]!).square().mean().backward()
    clipGradNorm(params, 0.1)
    optimizer.step()
  }
  const bytes = () => (currentBackend() as unknown as { bytes: number }).bytes
  const windows: Growth[] = []
  for (let window = 0; window < 7; window++) {
    await collect()
    const before = { heap: process.memoryUsage().heapUsed, memory: bytes() }
    for (let k = 0; k < 1000; k++) step()
    await collect()
    const growth = {
      heap: process.memoryUsage().heapUsed - before.heap,
      memory: bytes() - before.memory,
    }
    if (window > 1) windows.push(growth)
  }
  return windows
}

/** One model of two tensors, with its optimizer: 160 kB of weights and, with gradients and state, four times as much. */
function model(): { step(): void } {
  const params = [0, 1].map((seed) =>
    parameter(Array.from({ length: 20_000 }, (_, i) => Math.sin(i + seed))),
  )
  const optimizer = adamw(params)
  return {
    step() {
      optimizer.zeroGrad()
      params
        .map((param) => param.square().mean())
        .reduce((a, b) => a.add(b))
        .backward()
      clipGradNorm(params, 0.1)
      optimizer.step()
    },
  }
}

/** Trains three models in turns; each time the oldest is dropped, and a new one made. The memory that was needed, after each time. */
async function replaced(): Promise<number[]> {
  const models = [model(), model(), model()]
  const needed: number[] = []
  for (let time = 0; time < 15; time++) {
    for (let k = 0; k < 20; k++) for (const one of models) one.step()
    models.shift()
    await collect()
    models.push(model())
    needed.push((currentBackend() as unknown as { bytes: number }).bytes)
  }
  return needed
}

/** What memory does while models are trained. Needs `node --expose-gc`. */
export interface Steady {
  /** For each optimizer the growth in five windows. */
  growth: Record<string, Growth[]>
  /** The memory that simd has needed, after each model that took the place of another. */
  needed: number[]
}

export async function steadyHeap(): Promise<Steady> {
  await useBackend('simd')
  const growth: Steady['growth'] = {}
  for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) growth[kind] = await grown(kind)
  return { growth, needed: await replaced() }
}
