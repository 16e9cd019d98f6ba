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
  weightDecay: number
}
type Step = (x: number, g: number, state: State, options: Options) => unknown

/** The averages after g, and the direction. */
function moments(g: number, state: State, { beta1, beta2, eps }: Options) {
  const t = state.t + 1
  const m = beta1 * state.m + (1 - beta1) * g
  const v = beta2 * state.v + (1 - beta2) * g * g
  return { m, v, t, direction: m / (1 - beta1 ** t) / (Math.sqrt(v / (1 - beta2 ** t)) + eps) }
}

const l2: Step = (x, g, state, options) => {
  const { direction, ...rest } = moments(g + options.weightDecay * x, state, options)
  return { x: x - options.lr * direction, ...rest }
}

const decoupled: Step = (x, g, state, options) => {
  const { direction, ...rest } = moments(g, state, options)
  return { x: x - options.lr * direction - options.lr * options.weightDecay * x, ...rest }
}

const rightL2: Record<string, Step> = {
  'the sum is given to the averages': l2,
  'PyTorch: the state is changed in place, √v / √c₂': (x, g, state, options) => {
    const grad = g + x * options.weightDecay
    state.t += 1
    state.m += (grad - state.m) * (1 - options.beta1)
    state.v = state.v * options.beta2 + grad * grad * (1 - options.beta2)
    const below = Math.sqrt(state.v) / Math.sqrt(1 - options.beta2 ** state.t) + options.eps
    return { ...state, x: x - ((options.lr / (1 - options.beta1 ** state.t)) * state.m) / below }
  },
}

const rightDecay: Record<string, Step> = {
  'one bracket: α·(direction + λ·x)': decoupled,
  'PyTorch: decay first, then the step': (x, g, state, options) => {
    const { direction, ...rest } = moments(g, state, options)
    return { x: x * (1 - options.lr * options.weightDecay) - options.lr * direction, ...rest }
  },
}

describe('right answers keep every point', () => {
  test.each(Object.entries(rightL2))('L2: %s', async (_, adamL2Step) => {
    expect(await lostChecks('adam-l2', { adamL2Step })).toEqual([])
  })
  test.each(Object.entries(rightDecay))('decay: %s', async (_, adamwStep) => {
    expect(await lostChecks('adamw-step', { adamwStep })).toEqual([])
  })
})

interface Wrong {
  step: Step
  lost: string[]
  points: number
}

const wrongL2: Record<string, Wrong> = {
  'decoupled decay in its place': {
    step: decoupled,
    lost: ['penalty-wins', 'penalty-in-the-averages', 'l2-any-state', 'l2-negative-weight'],
    points: 0,
  },
  'the slope of λ·x²: twice as much': {
    step: (x, g, state, options) =>
      l2(x, g, state, { ...options, weightDecay: 2 * options.weightDecay }),
    lost: ['penalty-in-the-averages', 'l2-any-state', 'l2-negative-weight'],
    points: 1,
  },
  'the penalty reaches m, but not v': {
    step: (x, g, state, options) => {
      const { m, t } = moments(g + options.weightDecay * x, state, options)
      const { v } = moments(g, state, options)
      const vHat = v / (1 - options.beta2 ** t)
      const mHat = m / (1 - options.beta1 ** t)
      return { x: x - (options.lr * mHat) / (Math.sqrt(vHat) + options.eps), m, v, t }
    },
    lost: ['penalty-wins', 'penalty-in-the-averages', 'l2-any-state', 'l2-negative-weight'],
    points: 0,
  },
  'the penalty itself, ½·λ·x², instead of its slope': {
    step: (x, g, state, options) => {
      const { direction, ...rest } = moments(g + (options.weightDecay * x * x) / 2, state, options)
      return { x: x - options.lr * direction, ...rest }
    },
    lost: ['penalty-in-the-averages', 'l2-any-state', 'l2-negative-weight'],
    points: 1,
  },
  'the size of the weight, without its sign': {
    step: (x, g, state, options) => {
      const { direction, ...rest } = moments(g + options.weightDecay * Math.abs(x), state, options)
      return { x: x - options.lr * direction, ...rest }
    },
    lost: ['l2-negative-weight'],
    points: 4,
  },
  'λ of the page built in': {
    step: (x, g, state, options) => l2(x, g, state, { ...options, weightDecay: 0.1 }),
    lost: ['l2-any-state', 'l2-negative-weight'],
    points: 2,
  },
}

const wrongDecay: Record<string, Wrong> = {
  'L2 in its place': {
    step: l2,
    lost: ['decay-alone', 'clean-averages', 'both-together', 'decay-any-state', 'decay-ten-steps'],
    points: 0,
  },
  'without α, as one text prints it': {
    step: (x, g, state, options) => {
      const { direction, ...rest } = moments(g, state, options)
      return { x: x - options.lr * direction - options.weightDecay * x, ...rest }
    },
    lost: ['decay-alone', 'both-together', 'decay-any-state', 'decay-ten-steps'],
    points: 1,
  },
  'a share of the weight after the step': {
    step: (x, g, state, options) => {
      const { direction, ...rest } = moments(g, state, options)
      return { x: (x - options.lr * direction) * (1 - options.lr * options.weightDecay), ...rest }
    },
    lost: ['both-together', 'decay-any-state', 'decay-ten-steps'],
    points: 2,
  },
  'the size of the weight, without its sign': {
    step: (x, g, state, options) => {
      const { direction, ...rest } = moments(g, state, options)
      const share = options.weightDecay * Math.abs(x)
      return { x: x - options.lr * (direction + share), ...rest }
    },
    lost: ['decay-any-state', 'decay-ten-steps'],
    points: 3,
  },
  'no decay': {
    step: (x, g, state, options) => l2(x, g, state, { ...options, weightDecay: 0 }),
    lost: ['decay-alone', 'both-together', 'decay-any-state', 'decay-ten-steps'],
    points: 1,
  },
  'grows in place of shrinking': {
    step: (x, g, state, options) =>
      decoupled(x, g, state, { ...options, weightDecay: -options.weightDecay }),
    lost: ['decay-alone', 'both-together', 'decay-any-state', 'decay-ten-steps'],
    points: 1,
  },
}

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(Object.entries(wrongL2))('L2: %s', async (_, { step, lost, points }) => {
    const names = await lostChecks('adam-l2', { adamL2Step: step })
    expect(new Set(names)).toEqual(new Set(lost))
    expect(5 - pointsFor('adam-l2', names)).toBe(points)
  })
  test.each(Object.entries(wrongDecay))('decay: %s', async (_, { step, lost, points }) => {
    const names = await lostChecks('adamw-step', { adamwStep: step })
    expect(new Set(names)).toEqual(new Set(lost))
    expect(7 - pointsFor('adamw-step', names)).toBe(points)
  })
})
