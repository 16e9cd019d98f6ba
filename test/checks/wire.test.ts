import fc from 'fast-check'
import { afterAll, beforeEach, expect, test } from 'vitest'
import type { Plain } from '../../src/checks/types.js'
import {
  answerCall,
  decodePlain,
  encodePlain,
  markSymbol,
  type Reply,
  replyType,
} from '../../src/checks/wire.js'
import { displaySymbol, type MimeBundle } from '../../src/host/types.js'

const numbers = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
)
const plains = fc.letrec<{ plain: Plain }>((tie) => ({
  plain: fc.oneof(
    { maxDepth: 4 },
    numbers,
    fc.string(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.array(numbers).map((list) => Float64Array.from(list)),
    fc.array(numbers).map((list) => Float32Array.from(list)),
    fc.array(tie('plain'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$', '__proto__')), tie('plain'), {
      noNullPrototype: true,
    }),
  ),
})).plain

test('every plain value comes back as it was, with NaN, ±∞, −0, undefined, typed arrays and a field "$"', () => {
  fc.assert(
    fc.property(plains, (value) => {
      expect(decodePlain(encodePlain(value))).toStrictEqual(value)
    }),
  )
})

test.each([
  ['{"$":"float64","items":"many"}', new Float64Array()],
  ['{"$":"float64","items":[{"x":1},"7"]}', Float64Array.of(Number.NaN, 7)],
  ['{"$":"nothing we know"}', Number.NaN],
  ['{"$":7}', 7],
  ['{"__proto__":{"ok":true}}', Object.fromEntries([['__proto__', { ok: true }]])],
])('forged %s is a plain value', (text, value) => expect(decodePlain(text)).toStrictEqual(value))

test.each([
  ['what is no JSON', '{', SyntaxError],
  ['entries that are none', '{"$":"object","items":[7]}', TypeError],
  ['what is nested too deeply', '['.repeat(1e5) + ']'.repeat(1e5), TypeError],
  ['what is too long', `"${'x'.repeat(5e6)}"`, TypeError],
])('%s is refused', (_name, text, kind) => expect(() => decodePlain(text)).toThrow(kind))

beforeEach(() => void Reflect.set(globalThis, markSymbol, 'mark'))
afterAll(() => void Reflect.deleteProperty(globalThis, markSymbol))

async function ask(find: () => unknown, args: Plain[] = [], mark = 'mark'): Promise<Reply> {
  const shown = await answerCall({ call: 'c', mark, find, args: encodePlain(args) })
  return ((await shown[displaySymbol]()) as MimeBundle)[replyType] as Reply
}

test('a call is answered with what the function returned, awaited', async () => {
  const scale = async (a: number[], by: number) => a.map((x) => x * by)
  expect(await ask(() => scale, [[1, -0], 2])).toEqual({
    call: 'c',
    state: 'ok',
    value: '[2,{"$":"-0"}]',
  })
})

test.each<[string, () => unknown, object]>([
  [
    'throws',
    () => () => {
      throw new RangeError('no')
    },
    { name: 'RangeError', message: 'no' },
  ],
  [
    'throws what is no error',
    () => () => {
      throw 7
    },
    { name: 'threw', message: '7' },
  ],
  [
    'is not there',
    () => {
      throw new ReferenceError('f is not defined')
    },
    { name: 'ReferenceError' },
  ],
  ['is no function', () => 7, { name: 'TypeError', message: /not a function/ }],
  [
    'returns what is not plain',
    () => () => () => 1,
    { name: 'TypeError', message: /a function, where/ },
  ],
  [
    'returns too much',
    () => () => 'x'.repeat(5e6),
    { name: 'TypeError', message: /more than 4000000/ },
  ],
])('a function that %s is answered with that', async (_name, find, error) => {
  const reply = (await ask(find)) as { state: string; name: string; message: string }
  expect(reply).toMatchObject({ call: 'c', state: 'threw' })
  for (const [field, value] of Object.entries(error))
    expect(Reflect.get(reply, field)).toMatch(value)
})

test('a process without the mark has lost its state', async () => {
  expect(await ask(() => Math.abs, [1], 'another')).toEqual({ call: 'c', state: 'lost' })
})
