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
  [() => stateFromJson('{}'), 'stateFromJson: this is not the state of an optimizer'],
  [() => stateFromJson('null'), 'stateFromJson: this is not the state of an optimizer'],
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
