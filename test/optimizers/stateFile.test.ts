import {
  adam,
  lbfgs,
  lookahead,
  type OptimizerState,
  parameter,
  scheduleFree,
  sgd,
  stateFromBytes,
  stateFromJson,
  stateToBytes,
  stateToJson,
  tensor,
  useBackend,
} from 'downhill'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const through: [string, (state: OptimizerState) => OptimizerState][] = [
  ['JSON', (state) => stateFromJson(stateToJson(state))],
  ['bytes', (state) => stateFromBytes(stateToBytes(state))],
]

const stateWith = (list: number[], scalar: number): OptimizerState => ({
  format: 'downhill.optimizer',
  version: 1,
  name: 'mine',
  steps: 3,
  groups: [{ params: 1, options: { side: 'Infinity', lr: 0.1, flag: true }, scheduled: ['beta'] }],
  params: [{ shape: [list.length], t: 2, joined: 1, arrays: { m: list }, scalars: { c: scalar } }],
  own: { numbers: { scale: scalar }, arrays: { s0: list } },
})

describe.each(through)('%s', (_, pass) => {
  test('gives every number back, bit for bit', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.double(), (list, scalar) => {
        // `toEqual` tells −0 from 0, and NaN is NaN.
        expect(pass(stateWith(list, scalar))).toEqual(stateWith(list, scalar))
      }),
    )
  })

  test('real states go on', async () => {
    const x = parameter([1, -2, 3], { shape: [3] })
    const walked = async (optimizer: { step(): void; stateDict(): Promise<OptimizerState> }) => {
      x.grad = tensor([0.1, -0.3, 1e-20])
      optimizer.step()
      return optimizer.stateDict()
    }
    for (const state of [
      await walked(adam([x], { amsgrad: true })),
      await walked(scheduleFree([x], { warmup: 2 })),
      await walked(lookahead(sgd([x], { momentum: 0.9 }), { k: 1 })),
      await lbfgs([x]).stateDict(),
    ])
      expect(pass(state)).toEqual(state)
  })
})

test('float32 numbers take four bytes', async () => {
  const state = stateWith(
    Array.from({ length: 1000 }, (_, k) => Math.fround(k / 7)),
    0,
  )
  const wide = stateWith(
    Array.from({ length: 1000 }, (_, k) => k / 7),
    0,
  )
  expect(stateToBytes(wide).length - stateToBytes(state).length).toBe(2 * 1000 * 4)
})

test('a state saved on one backend goes on on another', async () => {
  await useBackend('gpu:cpu')
  const there = parameter([1, 2])
  const first = adam([there], { lr: 0.1 })
  there.grad = tensor([0.5, -0.25])
  first.step()
  const bytes = stateToBytes(await first.stateDict())
  await useBackend('reference')
  const here = parameter([1, 2])
  const second = adam([here], { lr: 0.1 })
  second.loadStateDict(stateFromBytes(bytes))
  expect((await second.stateDict()).params).toEqual((await first.stateDict()).params)
})

const bytes = stateToBytes(stateWith([1, 2], 3))

test.each([
  [() => stateFromJson('{}'), 'stateFromJson: it is not the state of an optimizer'],
  [() => stateFromJson('null'), 'stateFromJson: it is not the state of an optimizer'],
  [
    () => stateFromBytes(new Uint8Array(20)),
    'stateFromBytes: these bytes are not the state of an optimizer (they do not begin with DHO1)',
  ],
  [
    () => stateFromBytes(bytes.subarray(0, 40)),
    `stateFromBytes: the header needs ${bytes.length - 16} bytes, there are 40`,
  ],
  [
    () => stateFromBytes(bytes.subarray(0, bytes.length - 1)),
    `stateFromBytes: s0 needs ${bytes.length} bytes, there are ${bytes.length - 1}`,
  ],
])('refuses what is no state %#', (read, message) => {
  expect(read).toThrow(new RangeError(message))
})

/** Bytes with a header of our own: what somebody might hand in. */
function bytesWith(m: unknown, numbers = 16, header?: string): Uint8Array {
  const state = stateWith([1], 0)
  const param = { ...state.params[0]!, arrays: { m } }
  const text = header ?? JSON.stringify({ ...state, params: [param], own: undefined })
  const encoded = new TextEncoder().encode(text)
  const result = new Uint8Array(8 + encoded.length + numbers)
  result.set(new TextEncoder().encode('DHO1'))
  new DataView(result.buffer).setUint32(4, encoded.length, true)
  result.set(encoded, 8)
  return result
}

test('the bytes of a test are read', () => {
  expect(stateFromBytes(bytesWith({ at: 0, length: 2, bits: 64 })).params[0]!.arrays.m).toEqual([
    0, 0,
  ])
})

test.each<[string, Uint8Array, string | RegExp]>([
  [
    'numbers of no bits',
    bytesWith({ at: 0, length: 2 ** 40, bits: 0 }),
    'm of arrays of params[0] is not a list',
  ],
  [
    'a negative length',
    bytesWith({ at: 0, length: -8, bits: 64 }),
    'm of arrays of params[0] is not a list',
  ],
  ['no place', bytesWith(null), 'm of arrays of params[0] is not a list'],
  [
    'a place before the numbers',
    bytesWith({ at: -8, length: 1, bits: 64 }),
    'm lies at -8, where 0 comes next',
  ],
  [
    'more than there is',
    bytesWith({ at: 0, length: 2 ** 40, bits: 64 }),
    /^stateFromBytes: m needs \d+ bytes, there are/,
  ],
  [
    'less than there is',
    bytesWith({ at: 0, length: 1, bits: 64 }),
    /^stateFromBytes: the state has \d+ bytes, there are/,
  ],
  ['no JSON', bytesWith(null, 0, '{'), 'stateFromBytes: its header is no JSON'],
  [
    'another version',
    bytesWith(null, 0, '{"format":"downhill.optimizer","version":9}'),
    'its version is 9, this library reads 1',
  ],
])('bytes with %s are refused', (_, bytes, message) => {
  expect(() => stateFromBytes(bytes)).toThrow(RangeError)
  expect(() => stateFromBytes(bytes)).toThrow(message)
})

test('two lists at one place are refused: a small file would become a large state', () => {
  const place = { at: 0, length: 2, bits: 64 }
  const state = { ...stateWith([1], 0), own: { numbers: {}, arrays: { a: place, b: place } } }
  const params = [{ ...state.params[0]!, arrays: {} }]
  const header = JSON.stringify({ ...state, params })
  expect(() => stateFromBytes(bytesWith(null, 16, header))).toThrow(
    'b lies at 0, where 16 comes next',
  )
})

test('an await that was forgotten is told, for a promise would be saved as {}', () => {
  const promise = adam([parameter([1])]).stateDict() as never
  const message = 'it is a promise; give it await optimizer.stateDict()'
  expect(() => stateToJson(promise)).toThrow(new TypeError(`stateToJson: ${message}`))
  expect(() => stateToBytes(promise)).toThrow(new TypeError(`stateToBytes: ${message}`))
  expect(() => stateFromBytes(new ArrayBuffer(20) as never)).toThrow(
    new TypeError(
      'stateFromBytes: expected a Uint8Array, got object; new Uint8Array(buffer) makes one of an ArrayBuffer',
    ),
  )
})

test('an option of −0 is saved as 0', async () => {
  const optimizer = sgd([parameter([1])], { weightDecay: -0 })
  optimizer.loadStateDict(stateFromJson(stateToJson(await optimizer.stateDict())))
  expect(optimizer.groups[0]!.weightDecay).toBe(0)
})
