import { describe, expect, test } from 'vitest'
import { lostChecks, pointsFor } from '../support/answers.js'

interface Rates {
  lr: number
  momentum: number
}
type Step = (w: number, g: number, v: number, rates: Rates) => unknown
type Largest = (curvatures: number[], momentum: number) => unknown

const heavyBall: Step = (w, g, v, { lr, momentum }) => ({
  w: w - lr * (momentum * v + g),
  v: momentum * v + g,
})
const lookAhead: Step = (w, g, v, { lr, momentum }) => {
  const next = momentum * v + g
  return { w: w - lr * (g + momentum * next), v: next }
}
const largest: Largest = (curvatures, momentum) => (2 * (1 + momentum)) / Math.max(...curvatures)

const rightMomentum: Record<string, Step> = {
  'PyTorch: v ← μv + g': heavyBall,
  'Sutskever, TensorFlow: v ← μv − αg, w ← w + v': (w, g, v, { lr, momentum }) => {
    const next = momentum * v - lr * g
    return { w: w + next, v: next }
  },
  'a promise, with a field more': async (w, g, v, rates) => ({
    ...(heavyBall(w, g, v, rates) as object),
    g,
  }),
}
const rightNesterov: Record<string, Step> = {
  'PyTorch: w − α(g + μv)': lookAhead,
  'Keras: v ← μv − αg, w ← w + μv − αg': (w, g, v, { lr, momentum }) => {
    const next = momentum * v - lr * g
    return { w: w + momentum * next - lr * g, v: next }
  },
  'Bengio: by the old velocity, w ← w − α(1 + μ)g − αμ²v': (w, g, v, { lr, momentum }) => ({
    w: w - lr * (1 + momentum) * g - lr * momentum ** 2 * v,
    v: momentum * v + g,
  }),
}
const rightLargest: Record<string, Largest> = {
  'Math.max': largest,
  'the least of all limits': (curvatures, momentum) => {
    let least = Number.POSITIVE_INFINITY
    for (const curvature of curvatures) least = Math.min(least, (2 + 2 * momentum) / curvature)
    return least
  },
}

describe('right answers keep every point', () => {
  test.each(Object.entries(rightMomentum))('momentum: %s', async (_, momentumStep) => {
    expect(await lostChecks('momentum-step', { momentumStep })).toEqual([])
  })
  test.each(Object.entries(rightNesterov))('Nesterov: %s', async (_, nesterovStep) => {
    expect(await lostChecks('nesterov-step', { nesterovStep })).toEqual([])
  })
  test.each(Object.entries(rightLargest))('limit: %s', async (_, largestRate) => {
    expect(await lostChecks('largest-rate', { largestRate })).toEqual([])
  })
})

const average: Step = (w, g, v, { lr, momentum }) => {
  const next = momentum * v + (1 - momentum) * g
  return { w: w - lr * next, v: next }
}
const stub = () => {
  throw new Error('write this function')
}

const wrongMomentum: Record<string, [answer: Step, lost: string[], points: number]> = {
  'plain SGD': [
    (w, g, _v, { lr }) => ({ w: w - lr * g, v: 0 }),
    ['velocity', 'four-steps', 'other-rates', 'rolls-on'],
    2,
  ],
  'averages, (1 − μ)·g': [
    average,
    ['first-step', 'velocity', 'four-steps', 'other-rates', 'rolls-on'],
    1,
  ],
  'moves by the old velocity': [
    (w, g, v, { lr, momentum }) => ({ w: w - lr * v, v: momentum * v + g }),
    ['first-step', 'four-steps', 'other-rates', 'no-momentum', 'rolls-on'],
    1,
  ],
  'Nesterov instead': [lookAhead, ['first-step', 'four-steps', 'other-rates', 'rolls-on'], 2],
  'the numbers of the page built in': [
    (w, g, v) => heavyBall(w, g, v, { lr: 0.1, momentum: 0.9 }),
    ['other-rates', 'no-momentum', 'rolls-on'],
    4,
  ],
  'multiplies the gradient as well: μ·(v + g)': [
    (w, g, v, { lr, momentum }) => ({
      w: w - lr * momentum * (v + g),
      v: momentum * (v + g),
    }),
    ['first-step', 'velocity', 'four-steps', 'other-rates', 'no-momentum', 'rolls-on'],
    0,
  ],
  climbs: [
    (w, g, v, { lr, momentum }) => ({ w: w + lr * (momentum * v + g), v: momentum * v + g }),
    ['first-step', 'four-steps', 'other-rates', 'no-momentum', 'rolls-on'],
    1,
  ],
  'throws (the stub)': [
    stub,
    ['first-step', 'velocity', 'four-steps', 'other-rates', 'no-momentum', 'rolls-on'],
    0,
  ],
}
const allOfNesterov = ['nesterov-first', 'nesterov-steps', 'nesterov-other-rates', 'nesterov-zero']
const wrongNesterov: Record<string, [answer: Step, lost: string[], points: number]> = {
  'the heavy ball': [heavyBall, allOfNesterov, 0],
  'the velocity before the step': [
    (w, g, v, { lr, momentum }) => ({ w: w - lr * (g + momentum * v), v: momentum * v + g }),
    allOfNesterov,
    0,
  ],
  'forgets the gradient: α·μ·v': [
    (w, g, v, { lr, momentum }) => ({
      w: w - lr * momentum * (momentum * v + g),
      v: momentum * v + g,
    }),
    ['nesterov-first', 'nesterov-steps', 'nesterov-other-rates'],
    1,
  ],
  'returns what it moved by as the velocity': [
    (w, g, v, { lr, momentum }) => {
      const step = g + momentum * (momentum * v + g)
      return { w: w - lr * step, v: step }
    },
    ['nesterov-steps', 'nesterov-other-rates', 'nesterov-zero'],
    1,
  ],
  'the numbers of the page built in': [
    (w, g, v) => lookAhead(w, g, v, { lr: 0.1, momentum: 0.9 }),
    ['nesterov-other-rates', 'nesterov-zero'],
    3,
  ],
  'throws (the stub)': [stub, allOfNesterov, 0],
}
const wrongLargest: Record<string, [answer: Largest, lost: string[], points: number]> = {
  'the last curvature': [
    (curvatures, momentum) => (2 * (1 + momentum)) / curvatures.at(-1)!,
    ['other-curvatures', 'heavy-ball'],
    1,
  ],
  'the smallest curvature': [
    (curvatures, momentum) => (2 * (1 + momentum)) / Math.min(...curvatures),
    ['valley', 'other-curvatures', 'heavy-ball'],
    0,
  ],
  'leaves momentum out': [(curvatures) => 2 / Math.max(...curvatures), ['heavy-ball'], 2],
  "Nesterov's limit": [
    (curvatures, momentum) => (2 * (1 + momentum)) / ((1 + 2 * momentum) * Math.max(...curvatures)),
    ['heavy-ball'],
    2,
  ],
  '1/λmax': [
    (curvatures, momentum) => (1 + momentum) / Math.max(...curvatures),
    ['valley', 'other-curvatures', 'heavy-ball'],
    0,
  ],
}

describe('wrong answers lose the checks that test what is wrong', () => {
  const expectLost = async (
    id: string,
    functions: Record<string, Step | Largest>,
    [lost, points, max]: [string[], number, number],
  ) => {
    const names = await lostChecks(id, functions)
    expect(new Set(names)).toEqual(new Set(lost))
    expect(max - pointsFor(id, names)).toBe(points)
  }
  test.each(Object.entries(wrongMomentum))('momentum: %s', async (_, [answer, lost, points]) => {
    await expectLost('momentum-step', { momentumStep: answer }, [lost, points, 8])
  })
  test.each(Object.entries(wrongNesterov))('Nesterov: %s', async (_, [answer, lost, points]) => {
    await expectLost('nesterov-step', { nesterovStep: answer }, [lost, points, 6])
  })
  test.each(Object.entries(wrongLargest))('limit: %s', async (_, [answer, lost, points]) => {
    await expectLost('largest-rate', { largestRate: answer }, [lost, points, 3])
  })
})
