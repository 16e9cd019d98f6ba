import { describe, expect, test } from 'vitest'
import { scaledRate } from '../../src/index.js'
import { type Functions, lostChecks, pointsFor } from '../support/answers.js'

type NewRate = (lr: number, batch: number, newBatch: number, optimizer: 'sgd' | 'adam') => unknown
type Ratio = (
  weights: number[],
  gradient: number[],
  options: { eta: number; weightDecay: number },
) => unknown
type Lamb = (
  weights: number[][],
  directions: number[][],
  options: { lr: number; weightDecay: number },
) => unknown

const norm = (list: readonly number[]): number => Math.sqrt(list.reduce((sum, x) => sum + x * x, 0))

const newRate: NewRate = (lr, batch, newBatch, optimizer) =>
  lr * (newBatch / batch) ** (optimizer === 'sgd' ? 1 : 0.5)

/** LAMB's step; `change` may do a part in its own way. */
const lambWith =
  (ratioOf: (w: number[], u: number[], all: number[][], k: number) => number): Lamb =>
  (weights, directions, { lr, weightDecay }) => {
    const us = weights.map((w, k) => w.map((x, i) => directions[k]![i]! + weightDecay * x))
    return weights.map((w, k) => {
      const ratio = ratioOf(w, us[k]!, us, k)
      return w.map((x, i) => x - lr * ratio * us[k]![i]!)
    })
  }
const trusted = (w: number[], u: number[]): number =>
  norm(w) > 0 && norm(u) > 0 ? norm(w) / norm(u) : 1

interface Right {
  exercise: string
  functions: Functions
}

const right: Record<string, Right> = {
  'rate: powers': { exercise: 'scaled-rate', functions: { newRate } },
  "rate: the library's own": {
    exercise: 'scaled-rate',
    functions: {
      newRate: (lr: number, batch: number, newBatch: number, optimizer: string) =>
        scaledRate({ lr, batch, newBatch, rule: optimizer === 'sgd' ? 'linear' : 'square-root' }),
    },
  },
  'ratio: the paper, with ε as timm': {
    exercise: 'trust-ratio',
    functions: {
      trustRatio: ((w, g, { eta, weightDecay }) =>
        norm(w) > 0 && norm(g) > 0
          ? (eta * norm(w)) / (norm(g) + weightDecay * norm(w) + 1e-8)
          : 1) satisfies Ratio,
    },
  },
  'ratio: Optax, the norm of g + λ·w': {
    exercise: 'trust-ratio',
    functions: {
      trustRatio: ((w, g, { eta, weightDecay }) => {
        const below = norm(g.map((x, i) => x + weightDecay * w[i]!))
        return norm(w) === 0 || below === 0 ? 1 : (eta * norm(w)) / below
      }) satisfies Ratio,
    },
  },
  'step: Algorithm 2': { exercise: 'lamb-step', functions: { lambStep: lambWith(trusted) } },
  'step: torch-optimizer, ‖w‖ at most 10; changes what it is given': {
    exercise: 'lamb-step',
    functions: {
      lambStep: ((weights, directions, { lr, weightDecay }) => {
        for (const [k, w] of weights.entries()) {
          const u = directions[k]!
          for (const [i, x] of w.entries()) u[i]! += weightDecay * x
          const [a, b] = [Math.min(norm(w), 10), norm(u)]
          const trust = a === 0 || b === 0 ? 1 : a / b
          for (const i of w.keys()) w[i]! -= lr * trust * u[i]!
        }
        return weights
      }) satisfies Lamb,
    },
  },
}

describe('right answers keep every point', () => {
  test.each(Object.entries(right))('%s', async (_, { exercise, functions }) => {
    expect(await lostChecks(exercise, functions)).toEqual([])
  })
})

interface Wrong extends Right {
  lost: string[]
  points: number
}

const ofRate = (answer: NewRate, lost: string[], points: number): Wrong => ({
  exercise: 'scaled-rate',
  functions: { newRate: answer },
  lost,
  points,
})
const ofRatio = (trustRatio: Ratio, lost: string[], points: number): Wrong => ({
  exercise: 'trust-ratio',
  functions: { trustRatio },
  lost,
  points,
})
const ofStep = (lambStep: Lamb, lost: string[], points: number): Wrong => ({
  exercise: 'lamb-step',
  functions: { lambStep },
  lost,
  points,
})

const wrong: Record<string, Wrong> = {
  'rate: linear for both, as printed': ofRate(
    (lr, batch, newBatch) => (lr * newBatch) / batch,
    ['square-root', 'any-batch', 'smaller-batch'],
    1,
  ),
  'rate: the rules exchanged': ofRate(
    (lr, batch, newBatch, optimizer) =>
      newRate(lr, batch, newBatch, optimizer === 'sgd' ? 'adam' : 'sgd'),
    ['linear', 'square-root', 'any-batch', 'smaller-batch'],
    0,
  ),
  'rate: never smaller than it was': ofRate(
    (lr, batch, newBatch, optimizer) =>
      Math.max(lr, newRate(lr, batch, newBatch, optimizer) as number),
    ['smaller-batch'],
    4,
  ),
  'ratio: without λ': ofRatio(
    (w, g, { eta }) => (norm(w) > 0 && norm(g) > 0 ? (eta * norm(w)) / norm(g) : 1),
    ['with-decay', 'any-tensor'],
    3,
  ),
  'ratio: no case for zeros': ofRatio(
    (w, g, { eta, weightDecay }) => (eta * norm(w)) / (norm(g) + weightDecay * norm(w)),
    ['zero-weights', 'zero-gradient'],
    4,
  ),
  'ratio: sums of squares for norms': ofRatio(
    (w, g, { eta, weightDecay }) => {
      const [a, b] = [norm(w) ** 2, norm(g) ** 2]
      return a > 0 && b > 0 ? (eta * a) / (b + weightDecay * a) : 1
    },
    ['without-decay', 'with-decay', 'any-tensor'],
    2,
  ),
  'ratio: sums of absolute values for norms': ofRatio(
    (w, g, { eta, weightDecay }) => {
      const [a, b] = [w, g].map((list) => list.reduce((sum, x) => sum + Math.abs(x), 0))
      return a! > 0 && b! > 0 ? (eta * a!) / (b! + weightDecay * a!) : 1
    },
    ['without-decay', 'any-tensor'],
    3,
  ),
  'ratio: the largest element for the norm': ofRatio(
    (w, g, { eta, weightDecay }) => {
      const [a, b] = [w, g].map((list) => Math.max(...list.map(Math.abs)))
      return a! > 0 && b! > 0 ? (eta * a!) / (b! + weightDecay * a!) : 1
    },
    ['without-decay', 'any-tensor'],
    3,
  ),
  'ratio: without η': ofRatio(
    (w, g, { weightDecay }) =>
      norm(w) > 0 && norm(g) > 0 ? norm(w) / (norm(g) + weightDecay * norm(w)) : 1,
    ['without-decay', 'with-decay', 'any-tensor'],
    2,
  ),
  'step: Adam, no ratio': ofStep(
    lambWith(() => 1),
    ['one-tensor', 'ratio-of-its-own', 'any-tensors', 'length-of-a-move', 'tensor-of-zeros'],
    0,
  ),
  'step: one ratio for all tensors': ofStep(
    (weights, directions, options) => {
      const ratio = (all: number[][]) => trusted(weights.flat(), all.flat())
      return lambWith((_w, _u, all) => ratio(all))(weights, directions, options)
    },
    ['ratio-of-its-own', 'any-tensors', 'length-of-a-move', 'tensor-of-zeros'],
    1,
  ),
  'step: no case for a tensor of zeros': ofStep(
    lambWith((w, u) => norm(w) / norm(u)),
    ['tensor-of-zeros'],
    6,
  ),
  'step: no case for u = 0': ofStep(
    lambWith((w, u) => (norm(w) > 0 ? norm(w) / norm(u) : 1)),
    ['tensor-of-zeros'],
    6,
  ),
  'step: the ratio turned round': ofStep(
    lambWith((w, u) => 1 / trusted(w, u)),
    ['one-tensor', 'ratio-of-its-own', 'any-tensors', 'length-of-a-move', 'tensor-of-zeros'],
    0,
  ),
  'step: the decay outside of u': ofStep(
    (weights, directions, { lr, weightDecay }) =>
      weights.map((w, k) => {
        const ratio = trusted(w, directions[k]!)
        return w.map((x, i) => x - lr * (ratio * directions[k]![i]! + weightDecay * x))
      }),
    ['one-tensor', 'ratio-of-its-own', 'any-tensors', 'length-of-a-move', 'tensor-of-zeros'],
    0,
  ),
}

const max: Record<string, number> = { 'scaled-rate': 5, 'trust-ratio': 6, 'lamb-step': 7 }

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(Object.entries(wrong))('%s', async (_, { exercise, functions, lost, points }) => {
    const names = await lostChecks(exercise, functions)
    expect(new Set(names)).toEqual(new Set(lost))
    expect(max[exercise]! - pointsFor(exercise, names)).toBe(points)
  })
})
