import { describe, expect, test } from 'vitest'
import type { Run } from '../../lessons/16-resume-switch-average/judge.js'
import { lostChecks, pointsFor } from '../support/answers.js'

interface State {
  weights: number[]
  m: number[]
  v: number[]
  /** The place in the order and in the schedule. */
  s: number
  /** Adam's count, which a wrong answer may keep apart from s. */
  t: number
}
type Resume = (run: Run, steps: number, saved: string | null) => unknown

const fresh = ({ start }: Run): State => {
  const zeros = start.map(() => 0)
  return { weights: [...start], m: zeros, v: zeros, s: 0, t: 0 }
}

/** Some steps of Adam from a state. */
function go(run: Run, state: State, steps: number): State {
  const { rows, lr, decay, beta1, beta2, eps } = run
  let { weights, m, v, s, t } = state
  for (let k = 0; k < steps; k++) {
    const row = rows[s % rows.length]!
    const g = weights.map((w, i) => w - row[i]!)
    t += 1
    m = m.map((x, i) => beta1 * x + (1 - beta1) * g[i]!)
    v = v.map((x, i) => beta2 * x + (1 - beta2) * g[i]! ** 2)
    const rate = (lr * decay ** s) / (1 - beta1 ** t)
    weights = weights.map(
      (w, i) => w - (rate * m[i]!) / (Math.sqrt(v[i]! / (1 - beta2 ** t)) + eps),
    )
    s += 1
  }
  return { weights, m, v, s, t }
}

/** Saves a state as JSON; `forget` says what becomes of it on the way back. */
const saving =
  (forget: (state: State, run: Run) => State = (state) => state): Resume =>
  (run, steps, saved) => {
    const begin = saved === null ? fresh(run) : forget(JSON.parse(saved) as State, run)
    const state = go(run, begin, steps)
    return { weights: state.weights, saved: JSON.stringify(state) }
  }

const rightResume: Record<string, Resume> = {
  'JSON of an object': saving(),
  'lines of numbers in one string, s + 1 for t, ε as in PyTorch': (run, steps, saved) => {
    const { rows, lr, decay, beta1, beta2, eps } = run
    const lists = saved?.split('\n').map((line) => line.split(' ').map(Number))
    const [w, m, v, [first]] = lists ?? [
      [...run.start],
      run.start.map(() => 0),
      run.start.map(() => 0),
      [0],
    ]
    for (let s = first!; s < first! + steps; s++)
      for (let i = 0; i < w!.length; i++) {
        const g = w![i]! - rows[s % rows.length]![i]!
        m![i]! += (g - m![i]!) * (1 - beta1)
        v![i] = v![i]! * beta2 + g * g * (1 - beta2)
        const below = Math.sqrt(v![i]!) / Math.sqrt(1 - beta2 ** (s + 1)) + eps
        w![i]! -= ((lr * decay ** s) / (1 - beta1 ** (s + 1))) * (m![i]! / below)
      }
    const numbers = [w!, m!, v!, [first! + steps]]
    return { weights: w, saved: numbers.map((line) => line.join(' ')).join('\n') }
  },
}

interface Wrong<Answer> {
  answer: Answer
  lost: string[]
  points: number
}

const kept: Record<string, State> = {}
const everyBreak = [
  'weights-return',
  'position',
  'first-average',
  'second-average',
  'step-count',
  'two-trainings',
]

const wrongResume: Record<string, Wrong<Resume>> = {
  'begins anew each time': {
    answer: saving((_, run) => fresh(run)),
    lost: everyBreak,
    points: 1,
  },
  'the weights alone': {
    answer: saving(({ weights }, run) => ({ ...fresh(run), weights })),
    lost: everyBreak.filter((name) => name !== 'weights-return'),
    points: 2,
  },
  'weights and the place in the schedule': {
    answer: saving(({ weights, s }, run) => ({ ...fresh(run), weights, s })),
    lost: ['first-average', 'second-average', 'step-count', 'two-trainings'],
    points: 3,
  },
  't is forgotten': {
    answer: saving((state) => ({ ...state, t: 0 })),
    lost: ['first-average', 'second-average', 'step-count', 'two-trainings'],
    points: 3,
  },
  'v is forgotten': {
    answer: saving((state) => ({ ...state, v: state.v.map(() => 0) })),
    lost: ['second-average', 'two-trainings'],
    points: 5,
  },
  'm is forgotten': {
    answer: saving((state) => ({ ...state, m: state.m.map(() => 0) })),
    lost: ['first-average', 'two-trainings'],
    points: 5,
  },
  'row and rate begin again': {
    answer: saving((state) => ({ ...state, s: 0 })),
    lost: ['position', 'step-count', 'two-trainings'],
    points: 4,
  },
  'six decimals are enough': {
    answer: (run, steps, saved) => {
      const state = go(run, saved === null ? fresh(run) : (JSON.parse(saved) as State), steps)
      const rounded = (_: string, value: unknown) =>
        typeof value === 'number' ? Number(value.toFixed(6)) : value
      return { weights: state.weights, saved: JSON.stringify(state, rounded) }
    },
    lost: everyBreak,
    points: 1,
  },
  'kept outside of the text': {
    answer: (run, steps, saved) => {
      kept.last = go(run, saved === null ? fresh(run) : kept.last!, steps)
      return { weights: kept.last.weights, saved: 'see above' }
    },
    lost: ['two-trainings'],
    points: 6,
  },
  'kept outside by a name, one for each call': {
    answer: (run, steps, saved) => {
      const state = go(run, saved === null ? fresh(run) : kept[saved]!, steps)
      const name = `run ${Object.keys(kept).length}`
      kept[name] = state
      return { weights: state.weights, saved: name }
    },
    lost: ['two-trainings'],
    points: 6,
  },
  'weights and m are of the break, v of the step before': {
    answer: (run, steps, saved) => {
      const begin = saved === null ? fresh(run) : (JSON.parse(saved) as State)
      const state = go(run, begin, steps)
      const { v } = go(run, begin, Math.max(0, steps - 1))
      return { weights: state.weights, saved: JSON.stringify({ ...state, v }) }
    },
    lost: ['second-average', 'two-trainings'],
    points: 5,
  },
  'an object in place of a text': {
    answer: (run, steps, saved) => {
      const state = go(run, saved === null ? fresh(run) : (saved as unknown as State), steps)
      return { weights: state.weights, saved: state }
    },
    lost: everyBreak,
    points: 1,
  },
  'Adam without bias correction': {
    answer: (run, steps, saved) => {
      const begin = saved === null ? { ...fresh(run), t: 1e9 } : (JSON.parse(saved) as State)
      const state = go(run, begin, steps)
      return { weights: state.weights, saved: JSON.stringify(state) }
    },
    // Where both betas are 0 there is nothing to correct.
    lost: ['unbroken', 'first-average', 'second-average', 'step-count', 'two-trainings'],
    points: 2,
  },
}

interface Averages {
  n: number
  ema: number[]
  swa: number[]
}
type Update = (averages: Averages, weights: number[], beta: number) => unknown

const rightAverages: Record<string, Update> = {
  'the rules as they stand': ({ n, ema, swa }, weights, beta) =>
    n === 0
      ? { n: 1, ema: weights, swa: weights }
      : {
          n: n + 1,
          ema: ema.map((a, i) => beta * a + (1 - beta) * weights[i]!),
          swa: swa.map((a, i) => a + (weights[i]! - a) / (n + 1)),
        },
  'the sum is built up again, the EMA moves toward w, changed in place': (averages, w, beta) => {
    for (let i = 0; i < w.length; i++) {
      const [a, b] = averages.n ? [averages.ema[i]!, averages.swa[i]!] : [w[i]!, 0]
      averages.ema[i] = a + (1 - beta) * (w[i]! - a)
      averages.swa[i] = (b * averages.n + w[i]!) / (averages.n + 1)
    }
    averages.n += 1
    return averages
  },
}

const averagesBy =
  (
    moved: (a: number, w: number, beta: number) => number,
    meant: (a: number, w: number, n: number) => number,
  ): Update =>
  ({ n, ema, swa }, weights, beta) =>
    n === 0
      ? { n: 1, ema: weights, swa: weights }
      : {
          n: n + 1,
          ema: ema.map((a, i) => moved(a, weights[i]!, beta)),
          swa: swa.map((a, i) => meant(a, weights[i]!, n)),
        }
const right = {
  ema: (a: number, w: number, beta: number) => beta * a + (1 - beta) * w,
  swa: (a: number, w: number, n: number) => a + (w - a) / (n + 1),
}

const wrongAverages: Record<string, Wrong<Update>> = {
  'β and 1 − β changed places': {
    answer: averagesBy((a, w, beta) => (1 - beta) * a + beta * w, right.swa),
    lost: ['ema-step', 'long-ema'],
    points: 3,
  },
  'β of the page built in': {
    answer: averagesBy((a, w) => 0.9 * a + 0.1 * w, right.swa),
    lost: ['long-ema'],
    points: 4,
  },
  'divided by n': {
    answer: averagesBy(right.ema, (a, w, n) => a + (w - a) / n),
    lost: ['swa-step', 'long-mean'],
    points: 3,
  },
  'half and half': {
    answer: averagesBy(right.ema, (a, w) => (a + w) / 2),
    lost: ['swa-step', 'long-mean'],
    points: 3,
  },
  'n stays': {
    answer: (averages, weights, beta) => ({
      ...(averagesBy(right.ema, right.swa)(averages, weights, beta) as Averages),
      n: averages.n,
    }),
    lost: ['first-weights', 'long-mean'],
    points: 3,
  },
  'EMA corrected as Adam does, though it begins with weights': {
    answer: (averages, weights, beta) => {
      const next = averagesBy(right.ema, right.swa)(averages, weights, beta) as Averages
      return { ...next, ema: next.ema.map((a) => a / (1 - beta ** next.n)) }
    },
    lost: ['first-weights', 'ema-step', 'long-ema'],
    points: 2,
  },
  'SWA forgets nothing but counts the first twice': {
    answer: averagesBy(right.ema, (a, w, n) => a + (w - a) / (n + 2)),
    lost: ['swa-step', 'long-mean'],
    points: 3,
  },
  'the first EMA starts from 0': {
    answer: (averages, weights, beta) => {
      const next = averagesBy(right.ema, right.swa)(averages, weights, beta) as Averages
      return averages.n === 0 ? { ...next, ema: weights.map((w) => (1 - beta) * w) } : next
    },
    lost: ['first-weights'],
    points: 4,
  },
}

describe('right answers keep every point', () => {
  test.each(Object.entries(rightResume))('resume: %s', async (_, adamRun) => {
    expect(await lostChecks('adam-resume', { adamRun })).toEqual([])
  })
  test.each(Object.entries(rightAverages))('averages: %s', async (_, updateAverages) => {
    expect(await lostChecks('weight-averages', { updateAverages })).toEqual([])
  })
})

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(Object.entries(wrongResume))('resume: %s', async (_, { answer, lost, points }) => {
    const names = await lostChecks('adam-resume', { adamRun: answer })
    expect(new Set(names)).toEqual(new Set(lost))
    expect(7 - pointsFor('adam-resume', names)).toBe(points)
  })
  test.each(Object.entries(wrongAverages))('averages: %s', async (_, { answer, lost, points }) => {
    const names = await lostChecks('weight-averages', { updateAverages: answer })
    expect(new Set(names)).toEqual(new Set(lost))
    expect(5 - pointsFor('weight-averages', names)).toBe(points)
  })
})
