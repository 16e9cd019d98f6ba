import { sameShape } from './broadcast.js'
import type { Tensor } from './tensor.js'

/** A model's numbers by path: `{ '0.weight': { shape: [4, 3], data: […] } }`. Plain data, which JSON carries. */
export type ModelState = Record<string, { shape: number[]; data: number[] }>

type Counts = Record<string, { counts: Record<string, number>; key: string }>

export async function readState(
  tensors: Record<string, Tensor>,
  counts: Counts,
): Promise<ModelState> {
  const state: ModelState = {}
  // Taken before the first await, so that a step meanwhile changes nothing.
  const numbers = Object.entries(counts).map(
    ([path, { counts, key }]) => [path, counts[key]!] as const,
  )
  const read = Object.entries(tensors).map(
    async ([path, tensor]) => [path, tensor.shape, await tensor.data()] as const,
  )
  for (const [path, shape, data] of await Promise.all(read))
    state[path] = { shape: [...shape], data: [...data] }
  for (const [path, value] of numbers) state[path] = { shape: [], data: [value] }
  return state
}

/** Checks all, then writes. */
export function loadState(
  owner: string,
  state: ModelState,
  tensors: Record<string, Tensor>,
  counts: Counts,
): void {
  const refuse = (what: string): never => {
    throw new RangeError(`${owner}: this state does not fit: ${what}`)
  }
  if (typeof state !== 'object' || state === null) refuse(`it is ${state}, not an object`)
  const paths = [...Object.keys(tensors), ...Object.keys(counts)]
  const missing = paths.filter((path) => !Object.hasOwn(state, path))
  if (missing.length > 0) refuse(`it has no ${missing.join(', ')}`)
  const unknown = Object.keys(state).filter((path) => !paths.includes(path))
  if (unknown.length > 0) refuse(`it has ${unknown.join(', ')}, which is not here`)
  for (const path of paths) {
    const { shape, data } = state[path]! ?? {}
    const own = tensors[path]?.shape ?? []
    if (!Array.isArray(shape) || !sameShape(shape, own))
      refuse(`${path} has shape [${shape}] there, [${own.join(', ')}] here`)
    const size = own.reduce((product, n) => product * n, 1)
    const list = data as ArrayLike<unknown> | undefined
    if (list?.length !== size || !Array.from(list).every((value) => typeof value === 'number'))
      refuse(`${path} must be ${size} numbers`)
    if (counts[path] && !(Number.isSafeInteger(data[0]) && data[0]! >= 0))
      refuse(`${path} must be a whole number ≥ 0, got ${data[0]}`)
  }
  for (const [path, tensor] of Object.entries(tensors))
    tensor.replace(tensor.backend.write(state[path]!.data))
  for (const [path, { counts: own, key }] of Object.entries(counts))
    own[key] = state[path]!.data[0]!
}
