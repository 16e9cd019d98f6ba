import type { OptimizerState } from './state.js'

/** JSON has no NaN, infinities and no −0: they are written as words. */
const words: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
}

const toWord = (value: unknown): unknown => {
  if (typeof value !== 'number') return value
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? value : String(value)
}

/** Words become numbers only where a state has numbers: an option may be called "Infinity". */
function fromWords(numbers: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (typeof value === 'string' && Object.hasOwn(words, value)) numbers[name] = words[value]
    else if (Array.isArray(value))
      numbers[name] = value.map((one) => (typeof one === 'string' ? (words[one] ?? one) : one))
  }
}

/** All objects of a state that hold numbers or lists of them by name. */
function numbersOf(state: OptimizerState): Record<string, unknown>[] {
  const own = state.own ? [state.own.numbers, state.own.arrays] : []
  return [...state.params.flatMap(({ arrays, scalars }) => [arrays, scalars]), ...own]
}

function asState(value: unknown, what: string): OptimizerState {
  if ((value as OptimizerState | null)?.format !== 'downhill.optimizer')
    throw new RangeError(`${what}: this is not the state of an optimizer`)
  return value as OptimizerState
}

/**
 * A state as text, bit for bit, also NaN, ±∞ and −0, which JSON alone would lose.
 * @example await writeFile('adam.json', stateToJson(await optimizer.stateDict()))
 */
export const stateToJson = (state: OptimizerState): string =>
  JSON.stringify(state, (_, value) => toWord(value))

/** What `stateToJson` wrote. @throws RangeError if it is no state, SyntaxError if it is no JSON */
export function stateFromJson(text: string): OptimizerState {
  const state = asState(JSON.parse(text), 'stateFromJson')
  for (const numbers of numbersOf(state)) fromWords(numbers)
  return state
}

const magic = 'DHO1'
const start = 8

/**
 * A state as bytes, bit for bit: 'DHO1', the length of a header, the header in JSON (the state, with places in place of lists), then
 * the numbers, little-endian: as float32 where all of a list are float32 numbers, else as float64.
 * @example await writeFile('adam.bin', stateToBytes(await optimizer.stateDict()))
 */
export function stateToBytes(state: OptimizerState): Uint8Array {
  const parts: Uint8Array[] = []
  let at = 0
  const place = (list: readonly number[]) => {
    const single = list.every((value) => Object.is(Math.fround(value), value))
    const bytes = new Uint8Array(list.length * (single ? 4 : 8))
    const view = new DataView(bytes.buffer)
    for (const [k, value] of list.entries()) {
      if (single) view.setFloat32(4 * k, value, true)
      else view.setFloat64(8 * k, value, true)
    }
    parts.push(bytes)
    const found = { at, length: list.length, bits: single ? 32 : 64 }
    at += bytes.length
    return found
  }
  const places = (arrays: Record<string, number[]>) =>
    Object.fromEntries(Object.entries(arrays).map(([name, list]) => [name, place(list)]))
  const { params, own, ...rest } = state
  const header = new TextEncoder().encode(
    JSON.stringify(
      {
        ...rest,
        params: params.map((param) => ({ ...param, arrays: places(param.arrays) })),
        ...(own && { own: { ...own, arrays: places(own.arrays) } }),
      },
      (_, value) => toWord(value),
    ),
  )
  const result = new Uint8Array(start + header.length + at)
  result.set(new TextEncoder().encode(magic))
  new DataView(result.buffer).setUint32(4, header.length, true)
  result.set(header, start)
  let offset = start + header.length
  for (const part of parts) {
    result.set(part, offset)
    offset += part.length
  }
  return result
}

interface Place {
  at: number
  length: number
  bits: number
}

/** What `stateToBytes` wrote. @throws RangeError if it is no state, or cut short */
export function stateFromBytes(bytes: Uint8Array): OptimizerState {
  const refuse = (why: string): never => {
    throw new RangeError(`stateFromBytes: ${why}`)
  }
  if (bytes.length < start || new TextDecoder().decode(bytes.subarray(0, 4)) !== magic)
    refuse(`these bytes are not the state of an optimizer (they do not begin with ${magic})`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const data = start + view.getUint32(4, true)
  if (data > bytes.length) refuse(`the header needs ${data} bytes, there are ${bytes.length}`)
  const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(start, data)))
  const state = asState(header, 'stateFromBytes')
  const read = (arrays: Record<string, unknown>) => {
    for (const [name, place] of Object.entries(arrays as Record<string, Place>)) {
      const width = place.bits / 8
      const from = data + place.at
      if (from + place.length * width > bytes.length)
        refuse(`${name} needs ${from + place.length * width} bytes, there are ${bytes.length}`)
      arrays[name] = Array.from({ length: place.length }, (_, k) =>
        width === 4 ? view.getFloat32(from + 4 * k, true) : view.getFloat64(from + 8 * k, true),
      )
    }
  }
  for (const { arrays, scalars } of state.params) {
    read(arrays)
    fromWords(scalars)
  }
  if (state.own) {
    read(state.own.arrays)
    fromWords(state.own.numbers)
  }
  return state
}
