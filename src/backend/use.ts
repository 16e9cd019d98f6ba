import type { Backend } from './backend.js'
import { reference } from './reference.js'
import { openSimd } from './simd.js'

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
 * is gpu.js in the best mode that is here; `gpu:webgl2` and the like insist on one. A GPU is never taken unasked: no break-even is measured on a real one.
 * `gpu:webgpu` also runs in Node where the package webgpu loads and finds a graphics driver; a script then ends by process.exit(), for Dawn keeps Node going.
 */
export type BackendName = (typeof names)[number]

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
export async function openBackend(name: BackendName): Promise<Backend> {
  if (!names.includes(name))
    throw new RangeError(
      `useBackend: there is no backend "${name}"; take ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`,
    )
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

/**
 * Chooses where tensors made from now on live and compute; those that exist stay where they are.
 * @returns the name of what really runs: "simd", "reference", "gpu: webasm"
 * @throws Error if the backend is not here, with what to install or start
 * @example await useBackend('gpu')   // 'gpu: webgl2 (Apple M1)' in a browser, 'gpu: webasm' under Node
 */
export async function useBackend(name: BackendName): Promise<string> {
  current = await openBackend(name)
  return current.name
}

/** The name of the backend in use: "simd", "reference", "gpu: webgl2 (SwiftShader)". SwiftShader and llvmpipe are programs on the CPU that play a GPU. */
export const backend = (): string => currentBackend().name

export function currentBackend(): Backend {
  current ??= openAuto()
  return current
}
