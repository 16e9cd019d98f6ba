type Path = (string | number)[]

/** State with its binary parts taken out. Source: the ipywidgets protocol, "buffer_paths". */
export interface Packed {
  state: Record<string, unknown>
  buffer_paths: Path[]
  buffers: (ArrayBuffer | ArrayBufferView)[]
}

const isBytes = (value: unknown): value is ArrayBuffer | ArrayBufferView =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value)

/** Takes bytes out, wherever they lie: a key goes, an array's entry becomes null. The state itself is not changed. */
export function pack(state: Record<string, unknown>): Packed {
  const buffer_paths: Path[] = []
  const buffers: Packed['buffers'] = []
  const without = (value: unknown, path: Path): unknown => {
    if (isBytes(value)) {
      buffer_paths.push(path)
      buffers.push(value)
      return typeof path.at(-1) === 'number' ? null : undefined
    }
    if (Array.isArray(value)) return value.map((item, index) => without(item, [...path, index]))
    if (!isPlain(value)) return value
    const entries = Object.entries(value).map(([key, item]) => [key, without(item, [...path, key])])
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined))
  }
  return { state: without(state, []) as Record<string, unknown>, buffer_paths, buffers }
}

/** Puts bytes back where they were. */
export function unpack(
  state: Record<string, unknown>,
  paths: readonly Path[],
  buffers: readonly Uint8Array[],
): Record<string, unknown> {
  for (const [index, path] of paths.entries()) {
    let at = state as Record<string | number, unknown>
    for (const key of path.slice(0, -1)) at = at[key] as typeof at
    at[path.at(-1)!] = buffers[index]
  }
  return state
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
