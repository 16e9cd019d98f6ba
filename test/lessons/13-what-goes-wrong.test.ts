import { describe, expect, test } from 'vitest'
import { type Functions, lostChecks, pointsFor } from '../support/answers.js'

interface Curves {
  train: number[]
  validation: number[]
}
interface Fix {
  code: string
  stage: string
}

const order = [
  'check',
  'learning rate',
  'numerical stability',
  'batch size',
  'data and loss',
  'gradients',
  'regularization',
  'optimizer',
]
const answers = {
  A: { symptom: 'oscillating', fix: 'lower-rate' },
  B: { symptom: 'slow', fix: 'raise-rate' },
  C: { symptom: 'overfitting', fix: 'stop-earlier' },
  D: { symptom: 'not-finite', fix: 'lower-rate' },
  E: { symptom: 'underfitting', fix: 'larger-model' },
  F: { symptom: 'not-decreasing', fix: 'overfit-one-batch' },
}

/** The rules, with the parts that an answer does in its own way. */
const reader =
  ({
    finite = (losses: number[]) => losses.every(Number.isFinite),
    inner = 2,
    slowAt = 0.7,
    flat = (first: number, best: number) => first - best < 0.03 * first,
    overfittingFirst = false,
    late = 3,
    zeroTurns = false,
    diverged = 1.5,
    lastDecides = false,
    smallestDecides = false,
  } = {}) =>
  ({ train, validation }: Curves): string => {
    if (!finite([...train, ...validation])) return 'not-finite'
    const tail = validation.slice(-late)
    const overfits = tail.every((loss) => loss > 1.05 * Math.min(...validation))
    if (overfittingFirst && overfits) return 'overfitting'
    let turns = 0
    for (let k = 1; k < train.length - 1; k++) {
      const both = (train[k]! - train[k - 1]!) * (train[k + 1]! - train[k]!)
      if (both < 0 || (zeroTurns && both === 0)) turns++
    }
    if (turns / (train.length - inner) >= 0.4) return 'oscillating'
    const best = Math.min(...train)
    const last = train.at(-1)!
    if (last > diverged * best) return 'diverging'
    if (flat(train[0]!, lastDecides ? last : best)) return 'not-decreasing'
    if (overfits) return 'overfitting'
    return (smallestDecides ? best : last) > slowAt * train[0]! ? 'slow' : 'nothing'
  }

const right: [string, string, Functions][] = [
  ['six-runs', 'as the advisor', { sixRuns: () => answers }],
  [
    'six-runs',
    'other words for the same, from a promise',
    {
      sixRuns: async () => ({
        ...answers,
        A: { symptom: 'exploding', fix: 'lower-rate' },
        C: { symptom: 'overfitting', fix: 'regularize' },
        D: { symptom: 'exploding', fix: 'lower-rate', because: 'NaN' },
        F: { symptom: 'underfitting', fix: 'overfit-one-batch' },
      }),
    },
  ],
  [
    'six-runs',
    'the second symptom of A, which the advisor sees too',
    { sixRuns: () => ({ ...answers, A: { symptom: 'overfitting', fix: 'lower-rate' } }) },
  ],
  ['read-curves', 'with a loop', { readCurves: reader() }],
  [
    'read-curves',
    'with other forms of the limits',
    {
      readCurves: reader({
        finite: (losses) => !losses.some((x) => Number.isNaN(x) || Math.abs(x) === Infinity),
        flat: (first, best) => best / first > 0.97,
      }),
    },
  ],
  [
    'next-fix',
    'stage by stage',
    {
      nextFix: (fixes: Fix[], tried: string[]) => {
        for (const stage of order)
          for (const fix of fixes)
            if (fix.stage === stage && !tried.includes(fix.code)) return fix.code
        return null
      },
    },
  ],
  [
    'next-fix',
    'sorted',
    {
      nextFix: (fixes: Fix[], tried: string[]) =>
        [...fixes]
          .sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage))
          .find(({ code }) => !tried.includes(code))?.code ?? null,
    },
  ],
]

describe('right answers keep every point', () => {
  test.each(right)('%s: %s', async (id, _, functions) => {
    expect(await lostChecks(id, functions)).toEqual([])
  })
})

const stub = (name: string) => ({
  [name]: () => {
    throw new Error(`${name}: write this function`)
  },
})
const untried = (fixes: Fix[], tried: string[]) => fixes.filter(({ code }) => !tried.includes(code))

const wrong: [string, string, Functions, string[], number][] = [
  [
    'six-runs',
    'always another optimizer',
    {
      sixRuns: () =>
        Object.fromEntries(
          Object.entries(answers).map(([run, { symptom }]) => [
            run,
            { symptom, fix: 'other-optimizer' },
          ]),
        ),
    },
    ['run-A', 'run-B', 'run-C', 'run-D', 'run-E', 'run-F'],
    1,
  ],
  [
    'six-runs',
    'a larger model for all that is poor',
    {
      sixRuns: () => ({
        ...answers,
        B: { symptom: 'underfitting', fix: 'larger-model' },
        F: { symptom: 'underfitting', fix: 'larger-model' },
      }),
    },
    ['run-B', 'run-F'],
    5,
  ],
  [
    'six-runs',
    'clips, and forgets a run',
    {
      sixRuns: () => ({
        ...answers,
        A: { symptom: 'oscillating', fix: 'clip' },
        D: undefined,
      }),
    },
    ['six-answers', 'run-A', 'run-D'],
    4,
  ],
  [
    'six-runs',
    'the stub',
    stub('sixRuns'),
    ['six-answers', 'run-A', 'run-B', 'run-C', 'run-D', 'run-E', 'run-F'],
    0,
  ],
  [
    'read-curves',
    'looks for NaN only',
    { readCurves: reader({ finite: (losses) => !losses.some(Number.isNaN) }) },
    ['either-list'],
    7,
  ],
  [
    'read-curves',
    'overfitting before everything',
    { readCurves: reader({ overfittingFirst: true }) },
    ['first-rule', 'drawn-shapes'],
    5,
  ],
  [
    'read-curves',
    'divides the turns by all epochs',
    { readCurves: reader({ inner: 0 }) },
    ['limits'],
    6,
  ],
  [
    'read-curves',
    'not decreasing up to 5 %',
    { readCurves: reader({ flat: (first, best) => first - best < 0.05 * first }) },
    ['limits'],
    6,
  ],
  [
    'read-curves',
    'the last validation loss only, slow at a half',
    { readCurves: reader({ late: 1, slowAt: 0.5 }) },
    ['limits'],
    6,
  ],
  [
    'read-curves',
    'no change is a turn',
    { readCurves: reader({ zeroTurns: true }) },
    ['limits'],
    6,
  ],
  ['read-curves', 'diverging at 1.9', { readCurves: reader({ diverged: 1.9 }) }, ['limits'], 6],
  ['read-curves', 'diverging at 1.4', { readCurves: reader({ diverged: 1.4 }) }, ['limits'], 6],
  [
    'read-curves',
    'not decreasing by the last loss',
    { readCurves: reader({ lastDecides: true }) },
    ['limits'],
    6,
  ],
  [
    'read-curves',
    'slow by the smallest loss',
    { readCurves: reader({ smallestDecides: true }) },
    ['limits'],
    6,
  ],
  [
    'read-curves',
    'the last two validation losses',
    { readCurves: reader({ late: 2 }) },
    ['limits'],
    6,
  ],
  [
    'read-curves',
    'the stub',
    stub('readCurves'),
    ['one-of-each', 'either-list', 'drawn-shapes', 'first-rule', 'limits'],
    0,
  ],
  [
    'next-fix',
    'the first that was not tried',
    { nextFix: (fixes: Fix[], tried: string[]) => untried(fixes, tried)[0]?.code ?? null },
    ['first-stage', 'whole-order', 'same-stage'],
    1,
  ],
  [
    'next-fix',
    'by the alphabet',
    {
      nextFix: (fixes: Fix[], tried: string[]) =>
        untried(fixes, tried).sort((a, b) => a.stage.localeCompare(b.stage))[0]?.code ?? null,
    },
    ['first-stage', 'whole-order'],
    2,
  ],
  [
    'next-fix',
    'forgets what was tried',
    {
      nextFix: (fixes: Fix[]) =>
        [...fixes].sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage))[0]!.code,
    },
    ['tried', 'whole-order', 'same-stage'],
    1,
  ],
  [
    'next-fix',
    'the last of a stage, undefined at the end',
    {
      nextFix: (fixes: Fix[], tried: string[]) =>
        untried([...fixes].reverse(), tried).sort(
          (a, b) => order.indexOf(a.stage) - order.indexOf(b.stage),
        )[0]?.code,
    },
    ['same-stage'],
    4,
  ],
  [
    'next-fix',
    'the stub',
    stub('nextFix'),
    ['first-stage', 'tried', 'whole-order', 'same-stage'],
    0,
  ],
]
const totals: Record<string, number> = { 'six-runs': 7, 'read-curves': 8, 'next-fix': 5 }

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(wrong)('%s: %s', async (id, _, functions, lost, points) => {
    const names = await lostChecks(id, functions)
    expect(new Set(names)).toEqual(new Set(lost))
    expect(totals[id]! - pointsFor(id, names)).toBe(points)
  })
})
