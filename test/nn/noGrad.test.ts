import {
  linear,
  noGrad,
  parameter,
  relu,
  sequential,
  type Tensor,
  tensor,
  useBackend,
} from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'
import { openBackend } from '../../src/backend/use.js'

afterEach(() => useBackend('reference'))

/** The bytes that arrays on simd have needed at once. */
const bytes = async () => ((await openBackend('simd')) as unknown as { bytes: number }).bytes

describe.each(['reference', 'simd', 'gpu:cpu'] as const)('on %s', (name) => {
  test('nothing is recorded, and all can still be read', async () => {
    await useBackend(name)
    const w = parameter([1, 2, 3])
    let inner: Tensor | undefined
    const { list, sum } = noGrad(() => {
      inner = w.square()
      return { list: [inner.add(1), 'text', null], sum: inner.sum() }
    })
    expect([inner!.requiresGrad, sum.requiresGrad]).toEqual([false, false])
    expect([...(await inner!.data())]).toEqual([1, 4, 9])
    expect([...(await (list[0] as Tensor).data())]).toEqual([2, 5, 10])
    expect(await sum.item()).toBe(14)
    expect([...(await inner!.mul(w).data())]).toEqual([1, 8, 27])
    expect(w.square().sum().requiresGrad).toBe(true)
    w.square().sum().backward()
    expect([...(await w.grad!.data())]).toEqual([2, 4, 6])
  })
})

test('nested, and after an error, recording goes on as before', () => {
  const w = parameter([1, 2])
  noGrad(() => {
    expect(noGrad(() => w.square()).requiresGrad).toBe(false)
    expect(w.square().requiresGrad).toBe(false)
  })
  expect(() =>
    noGrad(() => {
      throw new Error('mine')
    }),
  ).toThrow('mine')
  expect(w.square().requiresGrad).toBe(true)
})

test('refuses what is async, with the way out', () => {
  expect(() => noGrad(async () => 1)).toThrow(
    new TypeError(
      'noGrad: compute must not be async, since other code runs while it waits; compute inside, await outside: const loss = noGrad(() => …); await loss.item()',
    ),
  )
  expect(parameter([1]).square().requiresGrad).toBe(true)
})

test('5,000 evaluations on simd leave the memory as large as it was', async () => {
  await useBackend('simd')
  const model = sequential(linear(30, 50), relu(), linear(50, 40))
  const x = tensor(new Array(600).fill(0.5), { shape: [20, 30] })
  const kept: Tensor[] = []
  const step = () => {
    kept.push(noGrad(() => model(x).exp().mul(2).mean()))
    noGrad(() => noGrad(() => model(x)).sum())
  }
  for (let k = 0; k < 20; k++) step()
  const before = await bytes()
  for (let k = 0; k < 5000; k++) step()
  expect((await bytes()) - before).toBe(0)
}, 60_000)
