import { checkState } from './checkState.js'
import { FloatReader, FloatWriter, isPlace, type Place, toWord, words } from './floats.js'
import type { OptimizerState } from './state.js'

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
  const lists = new FloatWriter()
  const places = (arrays: Record<string, number[]>) =>
    Object.fromEntries(Object.entries(arrays).map(([name, list]) => [name, lists.place(list)]))
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
  const first = new Uint8Array(start)
  first.set(new TextEncoder().encode(magic))
  new DataView(first.buffer).setUint32(4, header.length, true)
  return lists.after(first, header)
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
  const lists = new FloatReader(bytes, data, refuse)
  const read = (arrays: Record<string, unknown>) => {
    for (const [name, place] of Object.entries(arrays as Record<string, Place>))
      arrays[name] = lists.read(name, place)
  }
  for (const { arrays, scalars } of state.params) {
    read(arrays)
    fromWords(scalars)
  }
  if (state.own) {
    read(state.own.arrays)
    fromWords(state.own.numbers)
  }
  lists.end('the state')
  return state
}

function headerOf(bytes: Uint8Array, refuse: (why: string) => never): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return refuse('its header is no JSON')
  }
}
