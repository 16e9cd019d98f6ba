import type { Backend } from './backend.js'
import { reference } from './reference.js'

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

/** `simd` is float32 in WebAssembly; `gpu` is gpu.js in the best mode that is here; `gpu:webgl2` and the like insist on one. */
export type BackendName = (typeof names)[number]

let current: Backend = reference
const opened = new Map<string, Promise<Backend>>()

/** The backend of this name, started on the first call. `auto` is `reference` until a faster one is measured to pay. */
export async function openBackend(name: BackendName): Promise<Backend> {
  if (!names.includes(name))
    throw new RangeError(
      `useBackend: there is no backend "${name}"; take ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`,
    )
  if (name === 'auto' || name === 'reference') return reference
  const found = opened.get(name)
  if (found) return found
  const opening =
    name === 'simd'
      ? import('./simd.js').then(({ openSimd }) => openSimd())
      : import('./gpu.js').then(({ openGpu }) => openGpu(name))
  opened.set(name, opening)
  opening.catch(() => opened.delete(name))
  return opening
}

/**
 * Chooses where tensors made from now on live and compute; those that exist stay where they are.
 * @returns the name of what really runs: "reference", "gpu: webasm"
 * @throws Error if the backend is not here, with what to install
 * @example await useBackend('gpu')   // 'gpu: webasm' under Node, 'gpu: webgl2' in a browser
 */
export async function useBackend(name: BackendName): Promise<string> {
  current = await openBackend(name)
  return current.name
}

/** The name of the backend in use: "reference", "gpu: webgl2". */
export const backend = (): string => current.name

export const currentBackend = (): Backend => current
