import * as downhill from 'downhill'
import {
  adamw,
  clipGradAdaptive,
  clipGradNorm,
  clipGradRms,
  clipGradValue,
  lamb,
  lookahead,
  parameter,
  sgd,
  type Tensor,
  tensor,
  useBackend,
} from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'
import type { AnyOptimizer } from '../../src/optimizers/define.js'

afterEach(() => useBackend('reference'))

const numbers = (size: number, seed: number) =>
  Array.from({ length: size }, (_, k) => Math.sin(seed + 1.7 * k) * 3)

/** A matrix, which every optimizer can move, and a second one, with gradients of step k. */
const weights = () => [1, 2].map((seed) => parameter(numbers(6, seed), { shape: [2, 3] }))
const give = (params: readonly Tensor[], k: number) => {
  for (const [i, param] of params.entries())
    param.grad = tensor(numbers(6, 10 * k + i), { shape: [2, 3] })
}
const read = (params: readonly Tensor[]) => params.map((param) => [...param.dataSync()])
const grads = (params: readonly Tensor[]) => params.map((param) => [...param.grad!.dataSync()])

const optimizers = Object.entries(downhill).filter(
  (entry): entry is [string, AnyOptimizer] =>
    typeof entry[1] === 'function' && 'compiler' in entry[1],
)

describe.each(['reference', 'simd'] as const)('the factor of a clip on %s', (backend) => {
  test.each(optimizers)('%s steps as with gradients that were multiplied', async (_, make) => {
    await useBackend(backend)
    const walk = (between: (params: readonly Tensor[]) => void) => {
      const params = weights()
      const optimizer = make(params)
      for (let k = 0; k < 4; k++) {
        give(params, k)
        // The third is not clipped: the plain program takes over, and gives back.
        if (k !== 2) clipGradNorm(params, 0.7)
        between(params)
        optimizer.step()
      }
      return read(params)
    }
    expect(walk(() => {})).toEqual(walk((params) => grads(params)))
  })

  test('lookahead too (lbfgs runs backward itself: nothing can be clipped before)', async () => {
    await useBackend(backend)
    const ahead = (between: (params: readonly Tensor[]) => void) => {
      const params = weights()
      const optimizer = lookahead(adamw(params), { k: 2 })
      for (let k = 0; k < 4; k++) {
        give(params, k)
        clipGradNorm(params, 0.7)
        between(params)
        optimizer.step()
      }
      return read(params)
    }
    expect(ahead(() => {})).toEqual(ahead((params) => grads(params)))
  })

  test('reaches who reads, clips again, or adds up', async () => {
    await useBackend(backend)
    const [w] = weights()
    const f = (x: number) => (backend === 'simd' ? Math.fround(x) : x)
    const clip = (limit: number) => {
      const norm = clipGradNorm([w!], limit, { eps: 0 }).itemSync()
      return f(limit / norm)
    }
    give([w!], 1)
    const before = [...w!.grad!.dataSync()]
    const first = clip(2)
    const once = before.map((g) => f(g * first))
    expect(grads([w!])).toEqual([once])
    expect(grads([w!])).toEqual([once])
    clip(1)
    const second = clip(0.5)
    const [twice] = grads([w!])
    expect(Math.hypot(...twice!)).toBeCloseTo(0.5, 6)
    expect(second).toBeCloseTo(0.5, 6)
    w!.sum().backward()
    const added = twice!.map((g) => f(g + 1))
    expect(grads([w!])).toEqual([added])
    const third = clip(0.25)
    clipGradValue([w!], 0.01)
    const limit = f(0.01)
    expect(grads([w!])).toEqual([added.map((g) => Math.max(-limit, Math.min(limit, f(g * third))))])
  })

  test.each<[string, (params: Tensor[]) => void]>([
    ['clipGradRms', (params) => clipGradRms(params, 0.01)],
    ['clipGradAdaptive', (params) => clipGradAdaptive(params, 0.01)],
    ['clipGradNorm', (params) => clipGradNorm(params, 0.01)],
    ['clipGradNorm of some', (params) => clipGradNorm(params.slice(1), 0.01)],
  ])('is heeded by %s', async (_, clip) => {
    await useBackend(backend)
    const by = (between: (params: Tensor[]) => void) => {
      const params = weights()
      give(params, 3)
      clipGradNorm(params, 0.7)
      between(params)
      clip(params)
      return grads(params)
    }
    expect(by(() => {})).toEqual(by(grads))
  })

  test('serves two optimizers, and two steps', async () => {
    await useBackend(backend)
    const by = (between: (params: Tensor[]) => void) => {
      const params = weights()
      const two = [adamw(params), lamb(params), sgd(params.slice(1), { lr: 0.1 })]
      give(params, 3)
      clipGradNorm(params, 0.7)
      between(params)
      for (const optimizer of [...two, ...two]) optimizer.step()
      return [...read(params), ...grads(params)]
    }
    expect(by(() => {})).toEqual(by(grads))
  })

  test('some clipped, others not: each moves by its own gradient', async () => {
    await useBackend(backend)
    const by = (between: (params: Tensor[]) => void) => {
      const params = weights()
      const optimizer = adamw(params)
      for (let k = 0; k < 4; k++) {
        give(params, k)
        clipGradNorm(params.slice(k % 2, (k % 2) + 1), 0.7)
        between(params)
        optimizer.step()
      }
      return read(params)
    }
    expect(by(() => {})).toEqual(by(grads))
  })

  test('what somebody holds from before keeps its numbers, and what is given counts as it is', async () => {
    await useBackend(backend)
    const [w] = weights()
    give([w!], 1)
    const held = w!.grad!
    const values = [...held.dataSync()]
    clipGradNorm([w!], 0.5)
    expect(grads([w!])[0]).not.toEqual(values)
    expect([...held.dataSync()]).toEqual(values)
    w!.grad = held
    expect(grads([w!])).toEqual([values])
    clipGradNorm([w!], 0.5)
    w!.grad = held
    expect(grads([w!])).toEqual([values])
    clipGradNorm([w!], 0.5)
    sgd([w!]).zeroGrad()
    expect(w!.grad).toBeNull()
    w!.sum().backward()
    expect(grads([w!])).toEqual([[1, 1, 1, 1, 1, 1]])
  })
})

test('in float64 the numbers are those of a product that is rounded once', () => {
  const params = weights()
  give(params, 1)
  const given = grads(params)
  const norm = clipGradNorm(params, 0.7).itemSync()
  const factor = 0.7 / (norm + 1e-6)
  const optimizer = sgd(params, { lr: 0.1 })
  const before = read(params)
  optimizer.step()
  expect(read(params)).toEqual(
    before.map((row, i) => row.map((p, k) => p - 0.1 * (given[i]![k]! * factor))),
  )
})
