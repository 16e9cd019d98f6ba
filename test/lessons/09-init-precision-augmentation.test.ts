import { describe, expect, test } from 'vitest'
import { type Functions, lostChecks, pointsFor } from '../support/answers.js'

interface Layer {
  inputs: number
  std: number
}
type Signal = (start: number, layers: Layer[]) => unknown

const signalBy =
  (factor: (layer: Layer) => number): Signal =>
  (start, layers) => {
    let size = start
    return layers.map((layer) => {
      size *= factor(layer)
      return size
    })
  }
const signal = signalBy(({ inputs, std }) => (inputs * std ** 2) / 2)

interface State {
  scale: number
  good: number
}
interface Options {
  lr: number
  factor: number
  interval: number
}
type Step = (weights: number[], gradients: number[], state: State, options: Options) => unknown

const scaled =
  ({
    odd = (gradients: number[]) => gradients.some((g) => !Number.isFinite(g)),
    divide = (g: number, scale: number) => g / scale,
    grows = (good: number, interval: number) => good === interval,
    after = 0,
  } = {}): Step =>
  (weights, gradients, { scale, good }, { lr, factor, interval }) => {
    if (odd(gradients)) return { weights, scale: scale / factor, good: after && good }
    const moved = weights.map((w, i) => w - lr * divide(gradients[i]!, scale))
    return grows(good + 1, interval)
      ? { weights: moved, scale: scale * factor, good: 0 }
      : { weights: moved, scale, good: good + 1 }
  }

const right: [string, string, Functions][] = [
  ['signal-size', 'a running product', { signal }],
  [
    'signal-size',
    'each from the start anew, as a typed array',
    {
      signal: ((start, layers) =>
        Float64Array.from(layers, (_, k) =>
          layers
            .slice(0, k + 1)
            .reduce((size, { inputs, std }) => size * 0.5 * inputs * std * std, start),
        )) satisfies Signal,
    },
  ],
  ['loss-scaling', 'as the rule reads', { scaledStep: scaled() }],
  [
    'loss-scaling',
    "changes what it is given, as PyTorch's GradScaler does, and returns it",
    {
      scaledStep: (async (weights, gradients, state, { lr, factor, interval }) => {
        const found = gradients.filter((g) => Number.isNaN(g) || Math.abs(g) === Infinity).length
        if (found > 0) {
          state.scale *= 1 / factor
          state.good = 0
        } else {
          for (const [i, g] of gradients.entries()) weights[i]! -= lr * (g * (1 / state.scale))
          state.good += 1
          if (state.good === interval)
            Object.assign(state, { scale: state.scale * factor, good: 0 })
        }
        return { weights, ...state }
      }) satisfies Step,
    },
  ],
]

describe('right answers keep every point', () => {
  test.each(right)('%s: %s', async (id, _, functions) => {
    expect(await lostChecks(id, functions)).toEqual([])
  })
})

const max: Record<string, number> = { 'signal-size': 5, 'loss-scaling': 10 }

const wrong: [id: string, what: string, functions: Functions, lost: string[], points: number][] = [
  [
    'signal-size',
    'forgets the half of relu',
    { signal: signalBy(({ inputs, std }) => inputs * std ** 2) },
    ['one-layer', 'he', 'any-layers'],
    1,
  ],
  [
    'signal-size',
    'does not square the deviation',
    { signal: signalBy(({ inputs, std }) => (inputs * std) / 2) },
    ['one-layer', 'he', 'any-layers'],
    1,
  ],
  [
    'signal-size',
    'each layer by itself',
    {
      signal: ((start, layers) =>
        layers.map(({ inputs, std }) => (start * inputs * std ** 2) / 2)) satisfies Signal,
    },
    ['he', 'any-layers'],
    2,
  ],
  [
    'signal-size',
    'with the start in front',
    {
      signal: ((start, layers) => [start, ...(signal(start, layers) as number[])]) satisfies Signal,
    },
    ['one-layer', 'he', 'any-layers', 'no-layer'],
    0,
  ],
  [
    'loss-scaling',
    'never divides by the scale',
    { scaledStep: scaled({ divide: (g) => g }) },
    ['unscale', 'any-step', 'grow', 'large-gradients'],
    4,
  ],
  [
    'loss-scaling',
    'asks for Infinity alone',
    { scaledStep: scaled({ odd: (all) => all.includes(Number.POSITIVE_INFINITY) }) },
    ['not-a-number'],
    8,
  ],
  [
    'loss-scaling',
    'looks at the sum, which large gradients overflow in float16',
    { scaledStep: scaled({ odd: (all) => !(all.reduce((a, b) => a + Math.abs(b), 0) <= 65504) }) },
    ['large-gradients'],
    9,
  ],
  [
    'loss-scaling',
    'grows one step late',
    { scaledStep: scaled({ grows: (good, interval) => good > interval }) },
    ['grow'],
    8,
  ],
  [
    'loss-scaling',
    'goes on counting after a skipped step',
    { scaledStep: scaled({ after: 1 }) },
    ['skip', 'not-a-number'],
    6,
  ],
  [
    'loss-scaling',
    'halves and doubles whatever the factor',
    {
      scaledStep: ((weights, gradients, state, options) =>
        scaled()(weights, gradients, state, { ...options, factor: 2 })) satisfies Step,
    },
    ['not-a-number', 'grow'],
    6,
  ],
]

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(wrong)('%s: %s', async (id, _, functions, lost, points) => {
    const names = await lostChecks(id, functions)
    expect(new Set(names)).toEqual(new Set(lost))
    expect(max[id]! - pointsFor(id, names)).toBe(points)
  })
  test.each(Object.keys(max))('%s: the stub, and what is no value at all', async (id) => {
    for (const answer of [() => undefined, () => '0', () => new Error('no')]) {
      const lost = await lostChecks(id, { signal: answer, scaledStep: answer })
      expect(pointsFor(id, lost)).toBe(max[id])
    }
  })
})
