import { describe, expect, test } from 'vitest'
import {
  type BackendName,
  defineOptimizer,
  fraction,
  nonNegative,
  type OptimizerFactory,
  type OptimizerOptions,
  type OptionSpec,
  parameter,
  positive,
  rate,
  tensor,
  trace,
  useBackend,
} from '../../src/index.js'
import { type Functions, lostChecks, pointsFor } from '../support/answers.js'

type Make = () => OptimizerFactory<OptionSpec>
type Rule = Parameters<typeof softSign>[0]

const options = {
  lr: rate(0.01),
  beta: fraction(0.9),
  delta: positive(0.001),
  weightDecay: nonNegative(0),
}

/** An optimizer with the options of the exercise and this rule. */
const softSign = (
  rule: (
    p: number,
    g: number,
    m: number,
    o: Record<keyof typeof options | 't', number>,
  ) => number[],
) => defineOptimizer({ name: 'softSign', options, state: ['m'], rule })

/** The two functions of the lesson, around an answer. */
function functionsOf(make: () => unknown): Functions {
  const made = make as Make
  return {
    async softSignTrace(start: number, gradients: number[], chosen: OptimizerOptions<OptionSpec>) {
      let step = 0
      const gradient = () => gradients[step++]!
      const walk = { start, gradient, steps: gradients.length, options: chosen }
      return (await trace(made(), walk)).map(({ x, m }) => ({ x, m: m! }))
    },
    async softSignOn(
      name: BackendName,
      start: number[],
      gradients: number[][],
      chosen: OptimizerOptions<OptionSpec>,
    ) {
      await useBackend(name)
      try {
        const weights = parameter(start)
        const optimizer = made()([weights], chosen)
        for (const gradient of gradients) {
          weights.grad = tensor(gradient)
          optimizer.step()
        }
        return [...(await weights.data())]
      } finally {
        await useBackend('reference')
      }
    },
  }
}

const right: Record<string, Rule> = {
  'as the equation reads': (p, g, m, { lr, beta, delta, weightDecay, t }) => {
    const average = beta * m + (1 - beta) * g
    const corrected = average / (1 - beta ** t)
    return [p - lr * (corrected / (Math.abs(corrected) + delta) + weightDecay * p), average]
  },
  'in one line, the correction carried to δ, decay first': (
    p,
    g,
    m,
    { lr, beta, delta, weightDecay, t },
  ) => [
    p * (1 - lr * weightDecay) -
      (lr * (m + (1 - beta) * (g - m))) /
        (Math.abs(m + (1 - beta) * (g - m)) + delta * (1 - beta ** t)),
    m + (1 - beta) * (g - m),
  ],
  'a conditional in place of Math.abs': (p, g, m, { lr, beta, delta, weightDecay, t }) => {
    const average = beta * m + (1 - beta) * g
    const corrected = average / (1 - beta ** t)
    const size = corrected < 0 ? -corrected : corrected
    return [p - (lr * corrected) / (size + delta) - lr * weightDecay * p, average]
  },
}

describe('right answers keep every point', () => {
  test.each(Object.entries(right))('%s', async (_, rule) => {
    expect(
      await lostChecks(
        'own-rule',
        functionsOf(() => softSign(rule)),
      ),
    ).toEqual([])
  })
})

const everything = [
  'average',
  'first-step',
  'in-webassembly',
  'twelve-steps',
  'decoupled',
  'defaults',
  'ranges',
  'every-machine',
]
const steps = [
  'first-step',
  'in-webassembly',
  'twelve-steps',
  'decoupled',
  'defaults',
  'every-machine',
]

const wrong: Record<string, { make: () => unknown; lost: string[]; points: number }> = {
  'no correction': {
    make: () =>
      softSign((p, g, m, { lr, beta, delta, weightDecay }) => {
        const average = beta * m + (1 - beta) * g
        return [p - lr * (average / (Math.abs(average) + delta) + weightDecay * p), average]
      }),
    lost: steps,
    points: 2,
  },
  'the hard sign': {
    make: () =>
      softSign((p, g, m, { lr, beta, weightDecay }) => {
        const average = beta * m + (1 - beta) * g
        return [p - lr * (Math.sign(average) + weightDecay * p), average]
      }),
    lost: steps,
    points: 2,
  },
  'returns the corrected average': {
    make: () =>
      softSign((p, g, m, { lr, beta, delta, weightDecay, t }) => {
        const corrected = (beta * m + (1 - beta) * g) / (1 - beta ** t)
        return [p - lr * (corrected / (Math.abs(corrected) + delta) + weightDecay * p), corrected]
      }),
    lost: ['average', 'twelve-steps', 'decoupled', 'defaults', 'every-machine'],
    points: 3,
  },
  'decay in the gradient': {
    make: () =>
      softSign((p, g, m, { lr, beta, delta, weightDecay, t }) => {
        const average = beta * m + (1 - beta) * (g + weightDecay * p)
        const corrected = average / (1 - beta ** t)
        return [p - (lr * corrected) / (Math.abs(corrected) + delta), average]
      }),
    lost: ['decoupled', 'every-machine'],
    points: 7,
  },
  'other defaults, and no ranges': {
    make: () =>
      defineOptimizer({
        name: 'softSign',
        options: {
          lr: rate(0.001),
          beta: nonNegative(0.9),
          delta: nonNegative(0.001),
          weightDecay: nonNegative(0.01),
        },
        state: ['m'],
        rule: right['as the equation reads']!,
        source: String(right['as the equation reads']),
      }),
    lost: ['defaults', 'ranges'],
    points: 8,
  },
  'another name': {
    make: () =>
      defineOptimizer({
        name: 'mine',
        options,
        state: ['m'],
        rule: right['as the equation reads']!,
      }),
    lost: ['ranges'],
    points: 9,
  },
  'decay of the moved weight': {
    make: () =>
      softSign((p, g, m, { lr, beta, delta, weightDecay, t }) => {
        const average = beta * m + (1 - beta) * g
        const corrected = average / (1 - beta ** t)
        const moved = p - (lr * corrected) / (Math.abs(corrected) + delta)
        return [moved - lr * weightDecay * moved, average]
      }),
    lost: ['decoupled', 'every-machine'],
    points: 7,
  },
  'δ added to the signed average': {
    make: () =>
      softSign((p, g, m, { lr, beta, delta, weightDecay, t }) => {
        const average = beta * m + (1 - beta) * g
        const corrected = average / (1 - beta ** t)
        return [p - lr * (corrected / Math.abs(corrected + delta) + weightDecay * p), average]
      }),
    lost: ['decoupled', 'every-machine', 'in-webassembly'],
    points: 6,
  },
  'a loop in the rule': {
    make: () =>
      softSign((p, g, m, { lr }) => {
        let sum = p
        for (let k = 0; k < 1; k++) sum -= lr * g
        return [sum, m]
      }),
    lost: everything,
    points: 0,
  },
  'throws (the stub)': {
    make: () => {
      throw new Error('makeSoftSign: write this function')
    },
    lost: everything,
    points: 0,
  },
}

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(Object.entries(wrong))('%s', async (_, { make, lost, points }) => {
    const names = await lostChecks('own-rule', functionsOf(make))
    expect(new Set(names)).toEqual(new Set(lost))
    expect(10 - pointsFor('own-rule', names)).toBe(points)
  })
})
