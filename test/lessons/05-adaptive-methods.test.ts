import { describe, expect, test } from 'vitest'
import { type Functions, lostChecks, pointsFor } from '../support/answers.js'

interface Options {
  lr: number
  eps: number
  beta: number
}
type Step = (x: number, g: number, state: number, options: Options) => unknown
type Average = (values: number[], beta: number) => unknown

const adagrad: Step = (x, g, s, { lr, eps }) => ({
  x: x - (lr * g) / (Math.sqrt(s + g * g) + eps),
  s: s + g * g,
})
const rmsprop: Step = (x, g, v, { lr, beta, eps }) => {
  const next = beta * v + (1 - beta) * g * g
  return { x: x - (lr * g) / (Math.sqrt(next) + eps), v: next }
}
const corrected: Average = (values, beta) => {
  let m = 0
  return values.map((value, k) => {
    m = beta * m + (1 - beta) * value
    return m / (1 - beta ** (k + 1))
  })
}

const right: Record<string, [id: string, functions: Functions]> = {
  'Adagrad, ε beside the root (PyTorch)': ['adagrad-step', { adagradStep: adagrad }],
  'Adagrad, ε inside the root (Optax), as a promise': [
    'adagrad-step',
    {
      adagradStep: (async (x, g, s, { lr, eps }) => {
        const sum = s + g ** 2
        return { s: sum, x: x - (lr / Math.sqrt(sum + eps)) * g }
      }) as Step,
    },
  ],
  'RMSprop, ε beside the root (PyTorch)': ['rmsprop-step', { rmspropStep: rmsprop }],
  'RMSprop, ε inside the root (TensorFlow), v moved by a share': [
    'rmsprop-step',
    {
      rmspropStep: ((x, g, v, { lr, beta, eps }) => {
        const next = v + (1 - beta) * (g * g - v)
        return { x: x - (lr * g) / Math.sqrt(next + eps), v: next }
      }) as Step,
    },
  ],
  'the average, with m and its share': ['corrected-average', { correctedAverage: corrected }],
  'the average, as a weighted mean, into a typed array': [
    'corrected-average',
    {
      correctedAverage: ((values, beta) =>
        Float64Array.from(values, (_, k) => {
          const weights = values.slice(0, k + 1).map((_, i) => beta ** (k - i))
          const sum = weights.reduce((a, b) => a + b, 0)
          return weights.reduce((all, weight, i) => all + weight * values[i]!, 0) / sum
        })) as Average,
    },
  ],
}

describe('right answers keep every point', () => {
  test.each(Object.entries(right))('%s', async (_, [id, functions]) => {
    expect(await lostChecks(id, functions)).toEqual([])
  })
})

const stub = () => {
  throw new Error('write this function')
}
const allOfAdagrad = [
  'sum',
  'adagrad-move',
  'adagrad-steps',
  'adagrad-row',
  'adagrad-zero',
  'adagrad-scale',
]
const wrongAdagrad: Record<string, [answer: Step, lost: string[], points: number]> = {
  'no root': [
    (x, g, s, { lr, eps }) => ({ x: x - (lr * g) / (s + g * g + eps), s: s + g * g }),
    ['adagrad-move', 'adagrad-steps', 'adagrad-row', 'adagrad-scale'],
    2,
  ],
  'divides by the old sum': [
    (x, g, s, { lr, eps }) => ({ x: x - (lr * g) / (Math.sqrt(s) + eps), s: s + g * g }),
    ['adagrad-move', 'adagrad-steps', 'adagrad-row'],
    3,
  ],
  'an average instead of a sum': [
    (x, g, s, { lr, eps }) => {
      const next = 0.9 * s + 0.1 * g * g
      return { x: x - (lr * g) / (Math.sqrt(next) + eps), s: next }
    },
    ['sum', 'adagrad-move', 'adagrad-steps', 'adagrad-row'],
    2,
  ],
  'no ε': [
    (x, g, s, { lr }) => ({ x: x - (lr * g) / Math.sqrt(s + g * g), s: s + g * g }),
    ['adagrad-zero'],
    6,
  ],
  'the sign of g is lost': [
    (x, g, s, { lr, eps }) => ({
      x: x - (lr * Math.abs(g)) / (Math.sqrt(s + g * g) + eps),
      s: s + g * g,
    }),
    ['adagrad-row'],
    5,
  ],
  'the rate of the page built in': [
    (x, g, s, { eps }) => adagrad(x, g, s, { lr: 0.1, eps, beta: 0 }),
    ['adagrad-row'],
    5,
  ],
  'throws (the stub)': [stub, allOfAdagrad, 0],
}
const wrongRmsprop: Record<string, [answer: Step, lost: string[], points: number]> = {
  'with a bias correction of the first step': [
    (x, g, v, { lr, beta, eps }) => {
      const next = beta * v + (1 - beta) * g * g
      return { x: x - (lr * g) / (Math.sqrt(next / (1 - beta)) + eps), v: next }
    },
    ['rmsprop-move', 'rmsprop-row'],
    3,
  ],
  'a sum: Adagrad': [
    (x, g, v, { lr, eps }) => ({ x: x - (lr * g) / (Math.sqrt(v + g * g) + eps), v: v + g * g }),
    ['average', 'rmsprop-move', 'rmsprop-row', 'rmsprop-forgets'],
    1,
  ],
  'β and 1 − β swapped': [
    (x, g, v, options) => rmsprop(x, g, v, { ...options, beta: 1 - options.beta }),
    ['average', 'rmsprop-move', 'rmsprop-row', 'rmsprop-forgets'],
    1,
  ],
  'returns the root as the state': [
    (x, g, v, options) => {
      const row = rmsprop(x, g, v, options) as { x: number; v: number }
      return { x: row.x, v: Math.sqrt(row.v) }
    },
    ['average', 'rmsprop-row', 'rmsprop-forgets'],
    3,
  ],
  'no ε': [(x, g, v, options) => rmsprop(x, g, v, { ...options, eps: 0 }), ['rmsprop-zero'], 6],
  'throws (the stub)': [
    stub,
    ['average', 'rmsprop-move', 'rmsprop-row', 'rmsprop-zero', 'rmsprop-forgets'],
    0,
  ],
}
const everyAverage = ['steady-values', 'two-values', 'other-beta', 'no-memory']
const wrongAverage: Record<string, [answer: Average, lost: string[], points: number]> = {
  uncorrected: [
    (values, beta) => {
      let m = 0
      return values.map((value) => {
        m = beta * m + (1 - beta) * value
        return m
      })
    },
    ['steady-values', 'two-values', 'other-beta'],
    1,
  ],
  'counts from 0': [
    (values, beta) => {
      let m = 0
      return values.map((value, k) => {
        m = beta * m + (1 - beta) * value
        return m / (1 - beta ** k)
      })
    },
    everyAverage,
    0,
  ],
  'goes on with the corrected average': [
    (values, beta) => {
      let m = 0
      return values.map((value, k) => {
        m = (beta * m + (1 - beta) * value) / (1 - beta ** (k + 1))
        return m
      })
    },
    ['steady-values', 'two-values', 'other-beta'],
    1,
  ],
  'starts at the first value instead': [
    (values, beta) => {
      let m = values[0]!
      return values.map((value) => {
        m = beta * m + (1 - beta) * value
        return m
      })
    },
    ['two-values', 'other-beta'],
    2,
  ],
  'the mean of all': [
    (values) => values.map((_, k) => values.slice(0, k + 1).reduce((a, b) => a + b, 0) / (k + 1)),
    ['two-values', 'other-beta', 'no-memory'],
    1,
  ],
  'throws (the stub)': [stub, everyAverage, 0],
}

describe('wrong answers lose the checks that test what is wrong', () => {
  const cases = [
    ...Object.entries(wrongAdagrad).map(
      ([name, row]) => ['adagrad-step', 'adagradStep', 7, name, row] as const,
    ),
    ...Object.entries(wrongRmsprop).map(
      ([name, row]) => ['rmsprop-step', 'rmspropStep', 7, name, row] as const,
    ),
    ...Object.entries(wrongAverage).map(
      ([name, row]) => ['corrected-average', 'correctedAverage', 5, name, row] as const,
    ),
  ]
  test.each(cases)(
    '%s (%s, of %i): %s',
    async (id, functionName, max, _, [answer, lost, points]) => {
      const names = await lostChecks(id, { [functionName]: answer })
      expect(new Set(names)).toEqual(new Set(lost))
      expect(max - pointsFor(id, names)).toBe(points)
    },
  )
})
