import { describe, expect, test } from 'vitest'
import { lostChecks, pointsFor } from '../support/answers.js'

interface State {
  m: number
  v: number
  t: number
}
interface Options {
  lr: number
  beta1: number
  beta2: number
  eps: number
}
type Step = (x: number, g: number, state: State, options: Options) => unknown

/** The rule, with the part that an answer does in its own way. */
const adam =
  (
    change: (parts: State & Options & { x: number; g: number; m0: number; v0: number }) => number,
  ): Step =>
  (x, g, state, options) => {
    const t = state.t + 1
    const m = options.beta1 * state.m + (1 - options.beta1) * g
    const v = options.beta2 * state.v + (1 - options.beta2) * g * g
    return { x: change({ ...options, x, g, m, v, t, m0: state.m, v0: state.v }), m, v, t }
  }

const right: Record<string, Step> = {
  'Algorithm 1 of the paper, Optax': adam(
    ({ x, lr, beta1, beta2, eps, m, v, t }) =>
      x - (lr * (m / (1 - beta1 ** t))) / (Math.sqrt(v / (1 - beta2 ** t)) + eps),
  ),
  'as PyTorch orders it: √v / √c₂ + ε, step size α / c₁': adam(
    ({ x, lr, beta1, beta2, eps, m, v, t }) =>
      x - ((lr / (1 - beta1 ** t)) * m) / (Math.sqrt(v) / Math.sqrt(1 - beta2 ** t) + eps),
  ),
  "the paper's efficient order, as TensorFlow: ε beside the uncorrected root": adam(
    ({ x, lr, beta1, beta2, eps, m, v, t }) =>
      x - (((lr * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t)) * m) / (Math.sqrt(v) + eps),
  ),
  'changes the state it is given, and returns a promise': async (x, g, state, options) => {
    state.t++
    state.m += (1 - options.beta1) * (g - state.m)
    state.v += (1 - options.beta2) * (g ** 2 - state.v)
    const corrected = state.m / (1 - options.beta1 ** state.t)
    const scale = Math.sqrt(state.v / (1 - options.beta2 ** state.t)) + options.eps
    return { ...state, x: x - (options.lr * corrected) / scale }
  },
}

describe('right answers keep every point', () => {
  test.each(Object.entries(right))('%s', async (_, adamStep) => {
    expect(await lostChecks('adam-step', { adamStep })).toEqual([])
  })
})

const everything = [
  'moments',
  'first-step',
  'three-steps',
  'any-state',
  'bias-correction',
  'twenty-steps',
]
const edge = ['zero-gradient', 'tiny-gradient']

const wrong: Record<string, { adamStep: Step; lost: string[]; points: number }> = {
  'no bias correction': {
    adamStep: adam(({ x, lr, m, v, eps }) => x - (lr * m) / (Math.sqrt(v) + eps)),
    lost: ['first-step', 'three-steps', 'bias-correction', 'twenty-steps', 'tiny-gradient'],
    points: 3,
  },
  'corrects only m': {
    adamStep: adam(
      ({ x, lr, m, v, eps, beta1, t }) => x - (lr * m) / (1 - beta1 ** t) / (Math.sqrt(v) + eps),
    ),
    lost: ['first-step', 'three-steps', 'bias-correction', 'twenty-steps', 'tiny-gradient'],
    points: 3,
  },
  'ε inside the root': {
    adamStep: adam(
      ({ x, lr, beta1, beta2, eps, m, v, t }) =>
        x - (lr * (m / (1 - beta1 ** t))) / Math.sqrt(v / (1 - beta2 ** t) + eps),
    ),
    lost: ['tiny-gradient'],
    points: 9,
  },
  'no ε': {
    adamStep: adam(
      ({ x, lr, beta1, beta2, m, v, t }) =>
        x - (lr * (m / (1 - beta1 ** t))) / Math.sqrt(v / (1 - beta2 ** t)),
    ),
    lost: ['zero-gradient'],
    points: 9,
  },
  'does not count the steps': {
    adamStep: (x, g, state, options) => ({
      ...(right['Algorithm 1 of the paper, Optax']!(x, g, { ...state, t: 0 }, options) as object),
      t: 0,
    }),
    lost: ['three-steps', 'any-state', 'bias-correction', 'twenty-steps'],
    points: 4,
  },
  'the numbers of the page built in': {
    adamStep: (x, g, state) =>
      right['Algorithm 1 of the paper, Optax']!(x, g, state, {
        lr: 0.01,
        beta1: 0.9,
        beta2: 0.999,
        eps: 1e-8,
      }),
    lost: ['any-state', 'bias-correction', 'twenty-steps', 'tiny-gradient'],
    points: 5,
  },
  'returns the corrected moments': {
    adamStep: (x, g, state, options) => {
      const row = right['Algorithm 1 of the paper, Optax']!(x, g, state, options) as State & {
        x: number
      }
      return {
        ...row,
        m: row.m / (1 - options.beta1 ** row.t),
        v: row.v / (1 - options.beta2 ** row.t),
      }
    },
    lost: ['moments', 'three-steps', 'any-state', 'twenty-steps'],
    points: 5,
  },
  'rests where the gradient is 0': {
    adamStep: (x, g, state, options) =>
      g === 0
        ? { x, ...state, t: state.t + 1 }
        : right['Algorithm 1 of the paper, Optax']!(x, g, state, options),
    lost: ['any-state'],
    points: 9,
  },
  climbs: {
    adamStep: adam(
      ({ x, lr, beta1, beta2, eps, m, v, t }) =>
        x + (lr * (m / (1 - beta1 ** t))) / (Math.sqrt(v / (1 - beta2 ** t)) + eps),
    ),
    lost: ['first-step', 'three-steps', 'bias-correction', 'twenty-steps', 'tiny-gradient'],
    points: 3,
  },
  'returns x alone': {
    adamStep: (x, g, state, options) =>
      (right['Algorithm 1 of the paper, Optax']!(x, g, state, options) as { x: number }).x,
    lost: [...everything, ...edge],
    points: 0,
  },
  'throws (the stub)': {
    adamStep: () => {
      throw new Error('adamStep: write this function')
    },
    lost: [...everything, ...edge],
    points: 0,
  },
  'an object that claims to equal everything': {
    adamStep: () =>
      new Proxy(() => 0, {
        get: (_, key) => (key === 'then' ? undefined : () => 1.99),
      }),
    lost: [...everything, ...edge],
    points: 0,
  },
  'numerals in strings': {
    adamStep: (x, g, state, options) =>
      Object.fromEntries(
        Object.entries(
          right['Algorithm 1 of the paper, Optax']!(x, g, state, options) as State,
        ).map(([key, value]) => [key, String(value)]),
      ),
    lost: [...everything, ...edge],
    points: 0,
  },
}

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(Object.entries(wrong))('%s', async (_, { adamStep, lost, points }) => {
    const names = await lostChecks('adam-step', { adamStep })
    expect(new Set(names)).toEqual(new Set(lost))
    expect(10 - pointsFor('adam-step', names)).toBe(points)
  })
})
