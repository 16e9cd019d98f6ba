import { checkState } from './checkState.js'
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

/** Of what was read: refuses what is no state. */
function asState(
  value: unknown,
  refuse: (why: string) => never,
  isList?: (list: unknown) => boolean,
): OptimizerState {
  checkState(value, refuse, isList)
  return value
}

/** Of what is to be written: a promise would be written as {}. */
function checkGiven(owner: string, state: OptimizerState): void {
  checkState(state, (what) => {
    const given = state instanceof Promise ? 'it is a promise' : what
    throw new TypeError(`${owner}: ${given}; give it await optimizer.stateDict()`)
  })
}

const refusal =
  (owner: string) =>
  (why: string): never => {
    throw new RangeError(`${owner}: ${why}`)
  }

/**
 * A state as text, bit for bit, also NaN, ±∞ and −0, which JSON alone would lose.
 * @throws TypeError if it is given something else, such as the promise of a state
 * @example await writeFile('adam.json', stateToJson(await optimizer.stateDict()))
 */
export function stateToJson(state: OptimizerState): string {
  checkGiven('stateToJson', state)
  return JSON.stringify(state, (_, value) => toWord(value))
}

/** What `stateToJson` wrote. @throws RangeError if it is no state, SyntaxError if it is no JSON */
export function stateFromJson(text: string): OptimizerState {
  const state = asState(JSON.parse(text), refusal('stateFromJson'))
  for (const numbers of numbersOf(state)) fromWords(numbers)
  return state
}

const magic = 'DHO1'
const start = 8

/**
 * A state as bytes, bit for bit: 'DHO1', the length of a header, the header in JSON (the state, with places in place of lists), then
 * the numbers, little-endian: as float32 where all of a list are float32 numbers, else as float64.
 * @throws TypeError if it is given something else, such as the promise of a state
 * @example await writeFile('adam.bin', stateToBytes(await optimizer.stateDict()))
 */
export function stateToBytes(state: OptimizerState): Uint8Array {
  checkGiven('stateToBytes', state)
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

const isPlace = (value: unknown): boolean => {
  const { length, bits } = (value ?? {}) as Partial<Place>
  return Number.isSafeInteger(length) && length! >= 0 && (bits === 32 || bits === 64)
}

/**
 * What `stateToBytes` wrote.
 * @throws RangeError if it is no state, cut short, or too long; TypeError unless it is given a Uint8Array
 */
export function stateFromBytes(bytes: Uint8Array): OptimizerState {
  const refuse = refusal('stateFromBytes')
  if (!(bytes instanceof Uint8Array))
    throw new TypeError(
      `stateFromBytes: expected a Uint8Array, got ${typeof bytes}; new Uint8Array(buffer) makes one of an ArrayBuffer`,
    )
  if (bytes.length < start || new TextDecoder().decode(bytes.subarray(0, 4)) !== magic)
    refuse(`these bytes are not the state of an optimizer (they do not begin with ${magic})`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const data = start + view.getUint32(4, true)
  if (data > bytes.length) refuse(`the header needs ${data} bytes, there are ${bytes.length}`)
  const state = asState(headerOf(bytes.subarray(start, data), refuse), refuse, isPlace)
  let next = 0
  const read = (arrays: Record<string, unknown>) => {
    for (const [name, place] of Object.entries(arrays as Record<string, Place>)) {
      const width = place.bits / 8
      // One after the other, as they were written: no file can ask for more memory than it has bytes.
      if (place.at !== next) refuse(`${name} lies at ${place.at}, where ${next} comes next`)
      next += place.length * width
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
  if (data + next !== bytes.length)
    refuse(`the state has ${data + next} bytes, there are ${bytes.length}`)
  return state
}

function headerOf(bytes: Uint8Array, refuse: (why: string) => never): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return refuse('its header is no JSON')
  }
}
