import { adamw, clipGradNorm, muon, parameter, sgd, tensor, useBackend } from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'
import { openBackend } from '../../src/backend/use.js'

afterEach(() => useBackend('reference'))

/** The bytes that arrays on simd have needed at once. */
const bytes = async () => ((await openBackend('simd')) as unknown as { bytes: number }).bytes

describe.each(['reference', 'simd', 'gpu:cpu'] as const)('on %s', (name) => {
  test('a second backward of one graph is an error that says so, unless it was retained', async () => {
    await useBackend(name)
    const x = parameter([2, 3])
    const y = x.square()
    const loss = y.sum()
    loss.backward({ retainGraph: true })
    loss.backward()
    expect([...(await x.grad!.data())]).toEqual([8, 12])
    const message = (value: string) =>
      new Error(
        `backward: the graph of ${value} was run backwards before, and is freed; compute the value anew, or call backward({ retainGraph: true }) the first time`,
      )
    expect(() => loss.backward()).toThrow(message(`${loss}`))
    const other = y.mean()
    expect(() => other.backward()).toThrow(message(`${other}`))
    expect([...(await x.grad!.data())]).toEqual([8, 12])
  })

  test('what was computed can still be read, and computed with, after backward', async () => {
    await useBackend(name)
    const x = parameter([2, 3])
    const y = x.square()
    const loss = y.sum()
    loss.backward()
    expect([...(await y.data())]).toEqual([4, 9])
    expect(await loss.item()).toBe(13)
    expect([...(await y.add(1).data())]).toEqual([5, 10])
    expect([...(await y.data())]).toEqual([4, 9])
  })

  test('a step between forward and backward does not change the gradient', async () => {
    await useBackend(name)
    const x = parameter([2, 3])
    const loss = x.square().sum()
    x.grad = tensor([1, 1])
    sgd([x], { lr: 1 }).step()
    x.grad = null
    expect([...(await x.data())]).toEqual([1, 2])
    loss.backward()
    expect([...(await x.grad!.data())]).toEqual([4, 6])
  })

  test('a gradient that somebody holds outlives zeroGrad, clipping and the next backward', async () => {
    await useBackend(name)
    const x = parameter([3, 4])
    const optimizer = sgd([x], { lr: 0 })
    x.square().sum().backward()
    const first = x.grad!
    clipGradNorm([x], 1, { eps: 0 })
    const clipped = x.grad!
    x.square().sum().backward()
    optimizer.zeroGrad()
    expect([...(await first.data())]).toEqual([6, 8])
    const [a, b] = [...(await clipped.data())]
    expect([a, b]).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)])
  })

  test('parameters that get one array as gradient own it apart', async () => {
    await useBackend(name)
    const [x, y] = [parameter([1, 2]), parameter([3, 4])]
    const both = x.record(x.add(y).array, [2], [x, y], (gradient) => [gradient, gradient])
    both.sum().backward()
    x.square().sum().backward()
    expect([...(await x.grad!.data())]).toEqual([3, 5])
    expect([...(await y.grad!.data())]).toEqual([1, 1])
    sgd([x]).zeroGrad()
    expect([...(await y.grad!.data())]).toEqual([1, 1])
  })
})

describe('10,000 steps on simd do not grow the memory', () => {
  /** Without a pause: no finalizer can run. */
  const grows = async (step: (k: number) => void, steps = 10_000) => {
    for (let k = 0; k < 20; k++) step(k)
    const before = await bytes()
    for (let k = 0; k < steps; k++) step(k)
    return (await bytes()) - before
  }

  test('of an optimizer', async () => {
    await useBackend('simd')
    const w = parameter(new Array(1000).fill(1))
    w.grad = tensor(new Array(1000).fill(0.1))
    const optimizer = adamw([w])
    expect(await grows(() => optimizer.step())).toBe(0)
  }, 60_000)

  test('forward, backward, clip and step of a small model, with a new batch each time', async () => {
    await useBackend('simd')
    const [w, b] = [parameter(new Array(300).fill(0.5)), parameter(0)]
    const optimizer = adamw([w, b])
    const losses: unknown[] = []
    const step = (k: number) => {
      const x = tensor(Array.from({ length: 300 }, (_, i) => (i + k) % 7))
      optimizer.zeroGrad()
      const loss = w.mul(x).add(b).square().mean()
      loss.backward()
      clipGradNorm([w, b], 1)
      optimizer.step()
      losses.push(loss)
    }
    expect(await grows(step)).toBe(0)
    expect(losses.length).toBe(10_020)
  }, 60_000)

  test('of gradients that add up, and of muon', async () => {
    await useBackend('simd')
    const w = parameter(
      Array.from({ length: 600 }, (_, k) => Math.sin(k)),
      { shape: [20, 30] },
    )
    const optimizer = muon([w])
    const step = (k: number) => {
      if (k % 4 === 0) optimizer.zeroGrad()
      w.square().sum().backward()
      if (k % 4 === 3) optimizer.step()
    }
    expect(await grows(step, 2000)).toBe(0)
  }, 60_000)
})
