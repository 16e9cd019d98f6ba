import { KernelCache } from '../../src/backend/gpu-kernel-cache.js'
import type { GpuModule, Handle } from '../../src/backend/gpu-modes.js'
import { program } from '../../src/backend/rule.js'
import { type BackendName, openBackend } from '../../src/backend/use.js'
import { accuracy } from './accuracy.js'
import { runBattery } from './battery.js'
import { compareWithReference } from './device.js'
import { layersError, trainedError, trainMlp } from './training.js'

type Texture = Exclude<Handle, Float32Array>

/** What a page may be asked for, in order of what takes a prototype. */
const readers: readonly [string, string][] = [
  ['WebGLRenderingContext', 'readPixels'],
  ['WebGL2RenderingContext', 'readPixels'],
  ['WebGL2RenderingContext', 'getBufferSubData'],
  ['GPUBuffer', 'mapAsync'],
]

/** Counts what brings numbers back from a GPU, from now on. */
function countReads(): () => number {
  let reads = 0
  for (const [type, method] of readers) {
    const prototype = Reflect.get(globalThis, type)?.prototype
    const own = prototype?.[method]
    if (!own) continue
    prototype[method] = function (...args: unknown[]) {
      reads += 1
      return own.apply(this, args)
    }
  }
  return () => reads
}

async function train(name: BackendName, steps: number) {
  await openBackend(name) // opening reads nothing either, but probes what the browser can do
  const reads = countReads()
  let before = -1
  const trained = await trainMlp(name, steps, () => {
    before = reads()
  })
  const after = reads()
  return { ...trained, before, after, error: await trainedError(trained, steps) }
}

/** Names a page of tests knows; test/backend/browser.test.ts calls them. */
export const page = {
  compareWithReference,
  battery: async (name: BackendName) => runBattery(await openBackend(name)),
  accuracy: async (name: BackendName) => accuracy(await openBackend(name)),
  train,
  layersError,
  shown: async (name: BackendName) => {
    const { name: shown, software } = await openBackend(name)
    return { shown, software }
  },
  /** How many lengths give the right sum, each with kernels of its own; all arrays live until the end. */
  async manyKernels(name: BackendName, lengths: number) {
    const backend = await openBackend(name)
    const twice = program('(a) => [2 * a]')
    const made = Array.from(
      { length: lengths },
      (_, k) => backend.map(twice, [backend.write(new Float32Array(k + 1).fill(1))])[0]!,
    )
    const sums = await Promise.all(made.map((array) => backend.read(backend.fold('sum', array))))
    return sums.filter(([sum], k) => sum === 2 * (k + 1)).length
  },
  /** Uses six kernels where two are kept, while a result of the first, which ran twice, lives. */
  async evict(mode: string) {
    const { GPU } = ((await import('gpu.js')) as unknown as { default: GpuModule }).default
    const cache = new KernelCache(new GPU({ mode }), 2)
    const kernel = (factor: number) =>
      cache.get(`${factor}`, `function k(a) { return ${factor} * a[this.thread.x]; }`, 2)
    const kept = kernel(2)
    const first = kept.run(new Float32Array([1, 2])) as Texture
    kept.run(new Float32Array([3, 4]))
    kept.alive = 1
    for (let factor = 3; factor < 8; factor++) kernel(factor).run(new Float32Array([1, 1]))
    const again = kernel(4).run(first) as Texture
    const list = async (texture: Texture) => Array.from(await texture.toArray())
    return { kept: cache.size, first: await list(first), again: await list(again) }
  },
  /** Two reads of WebGPU, a launch of which the device refuses the first time it runs built. */
  async broken(name: BackendName) {
    const backend = await openBackend(name)
    const twice = program('(a) => [2 * a]')
    const run = async () => {
      const [made] = backend.map(twice, [backend.write([1, 2, 3])])
      return String([...(await backend.read(made!))])
    }
    await run()
    const own = GPUDevice.prototype.createBindGroup
    GPUDevice.prototype.createBindGroup = function (description) {
      GPUDevice.prototype.createBindGroup = own
      return own.call(this, { ...description, entries: [] })
    }
    const told = await run().then(String, (error: Error) => error.message)
    return [told, await run()]
  },
  /** More inputs than a shader may have buffers. */
  async overload(name: BackendName) {
    const backend = await openBackend(name)
    const names = Array.from({ length: 40 }, (_, k) => `x${k}`)
    const sum = program(`(${names.join(', ')}) => [${names.join(' + ')}]`)
    const attempt = async () => {
      const [made] = backend.map(
        sum,
        names.map(() => backend.write([1, 2])),
      )
      return [...(await backend.read(made!))]
    }
    return attempt().then(String, (error: Error) => error.message)
  },
}

Object.assign(globalThis, { devicePage: page })
