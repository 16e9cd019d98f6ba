import {
  adam,
  adamw,
  lamb,
  parameter,
  rmsprop,
  sgd,
  type Tensor,
  tensor,
  useBackend,
} from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'
import { type Fixture, fixtures, goldenCases } from '../support/golden.js'

afterEach(() => useBackend('reference'))

/** The fixtures' integer generator: numbers in [−1, 1) that float32 holds. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return (state >>> 8) / 2 ** 23 - 1
  }
}

interface Figures {
  first16: number[]
  last16: number[]
  sum: number
  sum_abs: number
  l2: number
}

function figures(values: ArrayLike<number>): Figures {
  const all = Array.from(values)
  return {
    first16: all.slice(0, 16),
    last16: all.slice(-16),
    sum: all.reduce((sum, x) => sum + x, 0),
    sum_abs: all.reduce((sum, x) => sum + Math.abs(x), 0),
    l2: Math.sqrt(all.reduce((sum, x) => sum + x * x, 0)),
  }
}

function optimizerOf({ impl, hyper }: Fixture, params: Tensor[]) {
  const h = hyper as Record<string, number> & { betas: [number, number] }
  const { lr, eps, weight_decay: weightDecay } = h as Record<string, number>
  const common = { lr: lr!, weightDecay: weightDecay! }
  const [beta1, beta2] = h.betas ?? []
  if (impl.endsWith('.SGD'))
    return sgd(params, { ...common, momentum: h.momentum!, nesterov: Boolean(h.nesterov) })
  if (impl.endsWith('.RMSprop')) return rmsprop(params, { ...common, eps: eps!, rho: h.alpha! })
  const make = { Adam: adam, AdamW: adamw, Lamb: lamb }[impl.split('.').at(-1)!]!
  return make(params, { ...common, eps: eps!, beta1: beta1!, beta2: beta2! })
}

test('the generator is the fixtures’', () => {
  const { generator_check } = fixtures('float32') as unknown as {
    generator_check: { first8: number[] }
  }
  const next = generator(20240601)
  expect(Array.from({ length: 8 }, next)).toEqual(generator_check.first8)
})

describe.each(['reference', 'simd'] as const)('10,000 parameters, 100 steps on %s', (name) => {
  test.each(goldenCases('float32', 'optimizers/float32'))('$id', async (fixture) => {
    await useBackend(name)
    const { n, steps, seed, grad_scale } = fixture as unknown as Record<string, number>
    const next = generator(seed!)
    const numbers = (scale: number) => Float64Array.from({ length: n! }, () => scale * next())
    const w = parameter(numbers(1))
    const optimizer = optimizerOf(fixture, [w])
    for (let step = 0; step < steps!; step++) {
      w.grad = tensor(numbers(grad_scale!))
      optimizer.step()
    }
    const ours = figures(await w.data())
    const theirs = fixture.float64 as Figures
    // float64 must be PyTorch's float64; float32 within four times PyTorch's own error, the fixtures' bound.
    const bound = name === 'reference' ? 1e-11 : (fixture.abs_tol_elementwise as number)
    const relative = name === 'reference' ? 1e-11 : (fixture.rel_tol_sum as number)
    for (const part of ['first16', 'last16'] as const)
      for (const [k, value] of ours[part].entries())
        expect(Math.abs(value - theirs[part][k]!), `${part}[${k}]`).toBeLessThanOrEqual(bound)
    for (const part of ['sum', 'sum_abs', 'l2'] as const)
      expect(Math.abs(ours[part] / theirs[part] - 1), part).toBeLessThanOrEqual(relative)
  })
})
