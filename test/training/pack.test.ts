import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pack, unpack } from '../../src/training/pack.js'

const refuse = (why: string): never => {
  throw new RangeError(why)
}
const back = (value: unknown) => unpack('TEST', pack('TEST', value), refuse)

test('plain values come back bit for bit', () => {
  const value = {
    epoch: 3,
    name: 'π "quoted"',
    odd: [Number.NaN, -0, 1 / 3, Number.POSITIVE_INFINITY],
    single: [0.5, 1.5],
    typed: { a: Float32Array.of(1 / 3), b: Float64Array.of(1 / 3) },
    worst: Number.NEGATIVE_INFINITY,
    zero: -0,
    mixed: [1, 'two', null, [true, []]],
    NaN: 'NaN',
  }
  const found = back(value) as typeof value
  expect(found).toEqual(value)
  expect(Object.is(found.zero, -0) && Object.is(found.odd[1], -0)).toBe(true)
})

test('whatever JSON can say comes back', () => {
  const names = fc.string().filter((name) => !name.startsWith('$') && name !== '__proto__')
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.double()),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }))
  fc.assert(
    fc.property(value, (given) => {
      expect(back(given)).toEqual(given)
    }),
  )
})

test('lists of float32 numbers take four bytes a number', () => {
  const list = Array.from({ length: 1000 }, (_, k) => Math.fround(k / 7))
  expect(pack('TEST', { list }).length).toBeLessThan(4100)
})

test('what is no plain value is refused, with the way to it', () => {
  expect(() => pack('TEST', { model: { w: new Map() } })).toThrow(
    'pack: value.model.w is a Map, which is no plain value',
  )
  expect(() => pack('TEST', { a: [1, () => 1] })).toThrow('value.a[1] is function')
  expect(() => pack('TEST', { $list: 1 })).toThrow('a name that is used for lists')
  const loop: Record<string, unknown> = {}
  loop.loop = loop
  expect(() => pack('TEST', loop)).toThrow('too deep')
})

describe('bytes that are not what was written', () => {
  const bytes = pack('TEST', { list: [1 / 3, 2, 3], name: 'x' })

  test('every cut is refused', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => unpack('TEST', bytes.subarray(0, length), refuse)).toThrow(RangeError)
    expect(() => unpack('TEST', Uint8Array.of(...bytes, 0), refuse)).toThrow('checksum')
  })

  test('every changed byte is refused', () => {
    for (const k of bytes.keys()) {
      const changed = bytes.slice()
      changed[k]! ^= 1 << (k % 8)
      expect(() => unpack('TEST', changed, refuse), `byte ${k}`).toThrow(RangeError)
    }
  })

  /** Bytes whose checksum is right, as somebody would write who means harm. */
  function forged(
    header: string | Uint8Array,
    rest = new Uint8Array(0),
    length?: number,
  ): Uint8Array {
    const text = typeof header === 'string' ? new TextEncoder().encode(header) : header
    const made = new Uint8Array(12 + text.length + rest.length)
    made.set(pack('TEST', 0).subarray(0, 12))
    made.set(text, 12)
    made.set(rest, 12 + text.length)
    new DataView(made.buffer).setUint32(8, length ?? text.length, true)
    let c = 0xffffffff
    for (const byte of made.subarray(8)) {
      c ^= byte
      for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    }
    new DataView(made.buffer).setUint32(4, (c ^ 0xffffffff) >>> 0, true)
    return made
  }

  test.each([
    ['no JSON', '{', 'no JSON'],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'no JSON'],
    ['a list that is nowhere', '{"$list":{"at":0,"length":4294967296,"bits":64}}', 'bytes'],
    ['a negative length', '{"$list":{"at":0,"length":-1,"bits":64}}', 'no place'],
    ['a place that is behind', '{"$list":{"at":-8,"length":1,"bits":64}}', 'comes next'],
    ['17 bits', '{"$list":{"at":0,"length":0,"bits":17}}', 'no place'],
    ['a word that is no number', '{"$number":"constructor"}', 'no number'],
    ['another kind of list', '{"$list":{"at":0,"length":0,"bits":32},"$of":"Array"}', 'no Array'],
    ['too deep', `${'['.repeat(50)}${']'.repeat(50)}`, 'too deep'],
    ['very deep', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'deep'],
  ])('forged: %s', (_, header, message) => {
    expect(() => unpack('TEST', forged(header), refuse)).toThrow(message)
  })

  test('a header that is longer than the file, and bytes that nobody reads', () => {
    expect(() => unpack('TEST', forged('0', undefined, 2 ** 32 - 1), refuse)).toThrow(
      'header needs',
    )
    expect(() => unpack('TEST', forged('0', Uint8Array.of(1)), refuse)).toThrow('it has 13 bytes')
  })

  test('a name like __proto__ is a name', () => {
    const found = unpack('TEST', forged('{"__proto__":{"polluted":1}}'), refuse) as object
    expect(Object.keys(found)).toEqual(['__proto__'])
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})
