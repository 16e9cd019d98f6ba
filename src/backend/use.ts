import type { Backend } from './backend.js'
import { reference } from './reference.js'
import { openSimd } from './simd.js'
import { isBroken, openMeasured, openThreads } from './simd-threads.js'

const names = [
  'auto',
  'reference',
  'simd',
  'gpu',
  'gpu:webgpu',
  'gpu:webgl2',
  'gpu:webgl',
  'gpu:headlessgl',
  'gpu:webasm',
  'gpu:cpu',
] as const

/**
 * `auto`, the default, is `simd` where WebAssembly has vectors, else `reference`. `reference` is float64 in JavaScript, `simd` float32 in WebAssembly; `gpu`
 * is gpu.js in the best mode that is here; `gpu:webgl2` and the like insist on one. A GPU is never taken unasked: on a
 * large one it pays from about 100,000 floats a tensor on, and for small networks not at all (bench/README.md).
 * `gpu:webgpu` also runs in Node where the package webgpu loads and finds a graphics driver; a script then ends by process.exit(), for Dawn keeps Node going.
 */
export type BackendName = (typeof names)[number]

/** What `useBackend` may be told besides a name. */
export interface BackendOptions {
  /**
   * How many threads share long launches of `simd`, the caller counted: 1 to 64, or 'auto', as many as a short measurement at the start
   * finds to pay. Default 1. Results are bit-equal for any number. In a page it takes the headers Cross-Origin-Opener-Policy and -Embedder-Policy.
   */
  threads?: number | 'auto'
}

let current: Backend | undefined
let simd: Backend | undefined
const opened = new Map<string, Promise<Backend>>()

function openAuto(): Backend {
  try {
    simd ??= openSimd()
    return simd
  } catch {
    return reference // backend() says so
  }
}

/** The backend of this name, started on the first call. */
export async function openBackend(
  name: BackendName,
  { threads = 1 }: BackendOptions = {},
): Promise<Backend> {
  if (!names.includes(name))
    throw new RangeError(
      `useBackend: there is no backend "${name}"; take ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`,
    )
  if (threads !== 'auto' && !(Number.isInteger(threads) && threads >= 1 && threads <= 64))
    throw new RangeError(
      `useBackend: threads must be 'auto' or a whole number from 1 to 64, got ${threads}`,
    )
  if (threads !== 1 && name !== 'simd')
    throw new RangeError(
      `useBackend: only 'simd' has threads; leave them out for "${name}", or take 'simd'`,
    )
  if (threads !== 1) return openThreaded(threads)
  if (name === 'auto') return openAuto()
  if (name === 'reference') return reference
  if (name === 'simd') {
    simd ??= openSimd()
    return simd
  }
  const found = opened.get(name)
  if (found) return found
  const opening = import('./gpu.js').then(({ openGpu }) => openGpu(name))
  opened.set(name, opening)
  opening.catch(() => opened.delete(name))
  return opening
}

async function openThreaded(threads: number | 'auto'): Promise<Backend> {
  const key = `simd ${threads}`
  const found = opened.get(key)
  if (found && !isBroken(await found)) return found
  simd ??= openSimd()
  const opening = threads === 'auto' ? openMeasured(simd) : openThreads(threads)
  opened.set(key, opening)
  opening.catch(() => opened.delete(key))
  return opening
}

/**
 * Chooses where tensors made from now on live and compute; those that exist stay where they are.
 * @returns the name of what really runs: "simd", "reference", "gpu: webasm"
 * @throws Error if the backend is not here, with what to install or start
 * @example await useBackend('gpu')   // 'gpu: webgl2 (Apple M1)' in a browser, 'gpu: webasm' under Node
 * @example await useBackend('simd', { threads: 2 })   // 'simd: 2 threads'
 */
export async function useBackend(name: BackendName, options?: BackendOptions): Promise<string> {
  current = await openBackend(name, options)
  return current.name
}

/** The name of the backend in use: "simd", "reference", "gpu: webgl2 (SwiftShader)". SwiftShader and llvmpipe are programs on the CPU that play a GPU. */
export const backend = (): string => currentBackend().name

export function currentBackend(): Backend {
  current ??= openAuto()
  return current
}
