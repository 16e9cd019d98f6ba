import {
  FloatReader,
  FloatWriter,
  isPlace,
  type Place,
  toWord,
  words,
} from '../optimizers/floats.js'

const start = 12
/** Deeper than any value of ours; a file that is deeper is not ours. */
const deepest = 24

type Refuse = (why: string) => never
type Kind = 'Float32Array' | 'Float64Array'

/**
 * A plain value (objects, lists, numbers, words, Float32Array, Float64Array) as bytes, bit for bit: four letters, a checksum of all that follows, the length of
 * a header, the header in JSON, and the lists of numbers behind it. In the header `$list` says where a list lies, `$number` is one that JSON has not.
 * @throws TypeError for what is no plain value, with the way to it
 */
export function pack(magic: string, value: unknown): Uint8Array {
  const lists = new FloatWriter()
  const refuse = (where: string, what: string): never => {
    throw new TypeError(`pack: ${where} is ${what}, which is no plain value`)
  }
  const plain = (one: unknown, where: string, depth: number): unknown => {
    if (depth > deepest) refuse(where, 'too deep')
    if (typeof one === 'number') return toWord(one) === one ? one : { $number: toWord(one) }
    if (one === null || typeof one === 'string' || typeof one === 'boolean') return one
    if (one instanceof Float32Array || one instanceof Float64Array)
      return { $list: lists.place(one), $of: one.constructor.name }
    if (Array.isArray(one)) {
      if (one.length > 0 && one.every((item) => typeof item === 'number'))
        return { $list: lists.place(one) }
      return one.map((item, k) => plain(item, `${where}[${k}]`, depth + 1))
    }
    if (typeof one !== 'object' || Object.getPrototypeOf(one) !== Object.prototype)
      return refuse(where, typeof one === 'object' ? `a ${one!.constructor?.name}` : typeof one)
    const entries = Object.entries(one).filter(([, item]) => item !== undefined)
    for (const [name] of entries)
      if (name.startsWith('$')) refuse(`${where}.${name}`, 'a name that is used for lists')
    return Object.fromEntries(
      entries.map(([name, item]) => [name, plain(item, `${where}.${name}`, depth + 1)]),
    )
  }
  const header = new TextEncoder().encode(JSON.stringify(plain(value, 'value', 0)))
  const first = new Uint8Array(start)
  const bytes = lists.after(first, header)
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode(magic))
  view.setUint32(8, header.length, true)
  view.setUint32(4, crc32(bytes.subarray(8)), true)
  return bytes
}

/** What `pack` wrote. What comes out is plain data that somebody may have forged: its form is for the caller to check. */
export function unpack(magic: string, bytes: Uint8Array, refuse: Refuse): unknown {
  if (!(bytes instanceof Uint8Array)) return refuse(`it is ${typeof bytes}, not a Uint8Array`)
  if (bytes.length < start || new TextDecoder().decode(bytes.subarray(0, 4)) !== magic)
    refuse(`it does not begin with ${magic}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(4, true) !== crc32(bytes.subarray(8)))
    refuse('its checksum does not fit: it was cut short or changed')
  const data = start + view.getUint32(8, true)
  if (data > bytes.length) refuse(`its header needs ${data} bytes, there are ${bytes.length}`)
  const lists = new FloatReader(bytes, data, refuse)
  const revive = (one: unknown, depth: number): unknown => {
    if (depth > deepest) refuse('it is too deep')
    if (typeof one !== 'object' || one === null) return one
    if (Array.isArray(one)) return one.map((item) => revive(item, depth + 1))
    const entries = Object.entries(one)
    if (Object.hasOwn(one, '$list'))
      return listOf(one as { $list: unknown; $of?: Kind }, lists, refuse)
    if (Object.hasOwn(one, '$number')) {
      const { $number: word } = one as { $number: unknown }
      return typeof word === 'string' && Object.hasOwn(words, word)
        ? words[word]
        : refuse(`${JSON.stringify(word)} is no number`)
    }
    return Object.fromEntries(entries.map(([name, item]) => [name, revive(item, depth + 1)]))
  }
  const value = revive(parsed(bytes.subarray(start, data), refuse), 0)
  lists.end('it')
  return value
}

function listOf(
  { $list: place, $of: kind }: { $list: unknown; $of?: Kind },
  lists: FloatReader,
  refuse: Refuse,
): number[] | Float32Array | Float64Array {
  if (!isPlace(place)) return refuse('one of its lists has no place')
  const values = lists.read('a list', place as Place)
  if (kind === undefined) return values
  if (kind === 'Float32Array') return Float32Array.from(values)
  return kind === 'Float64Array' ? Float64Array.from(values) : refuse(`there are no ${kind}`)
}

function parsed(bytes: Uint8Array, refuse: Refuse): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return refuse('its header is no JSON')
  }
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

/** The checksum of zip and PNG: finds every change of up to 32 bits in a row. It is no signature. */
function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) c = table[(c ^ byte) & 255]! ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}
