import {
  accuracy,
  adamw,
  type DiagnoseOptions,
  diagnose,
  display,
  fit,
  fitGap,
  type HistoryRow,
  moveRules,
  type RunLike,
  type Symptom,
  sgd,
  stages,
  symptoms,
  useBackend,
} from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'
import { smallNet, someDigits } from '../support/fits.js'
import { noHost, shown, useHost } from '../support/host.js'

afterEach(() => {
  noHost()
  return useBackend('auto')
})

/** Rows of a run: training losses, and validation losses if there are such. */
const run = (train: number[], validation: number[] = []): HistoryRow[] =>
  train.map((trainLoss, k) => ({
    epoch: k + 1,
    trainLoss,
    ...(validation[k] !== undefined && { validationLoss: validation[k] }),
  }))
const withNorms = (norms: [number, number][], losses = [2.3, 1.5, 1, 0.8]): HistoryRow[] =>
  norms.map(([gradientNorm, maxGradientNorm], k) => ({
    epoch: k + 1,
    trainLoss: losses[k]!,
    gradientNorm,
    maxGradientNorm,
  }))
const seen = (history: RunLike, options?: DiagnoseOptions): string[] =>
  diagnose(history, options).symptoms.map(({ symptom }) => symptom)
const codes = (history: RunLike, options?: DiagnoseOptions): string[] =>
  diagnose(history, options).rows.map(({ code }) => code)

const falling = [2.3, 1.2, 0.7, 0.45, 0.3, 0.22, 0.17, 0.14]

/** Curves that have the fault, and curves near to them that have not. */
const curves: [string, RunLike, Symptom[]][] = [
  ['not-finite: NaN', run([2.3, Number.NaN]), ['not-finite']],
  [
    'not-finite: skipped steps',
    run([2.3, 1.2, 0.8]).map((row) => ({ ...row, skipped: 1 })),
    ['not-finite'],
  ],
  ['oscillating from the start', run([2, 3, 1.8, 3.1, 2, 2.9]), ['oscillating']],
  ['oscillating after a fall', run([2.3, 0.9, 0.5, 0.9, 0.5, 0.8, 0.45, 0.9]), ['oscillating']],
  [
    'oscillating validation',
    run(falling, [1.2, 1.3, 0.7, 1.1, 0.8, 1.2, 0.7, 1.1]),
    ['oscillating', 'overfitting'],
  ],
  ['diverging late', run([90, 8, 5, 4, 3, 4, 5, 7]), ['diverging']],
  ['diverging', run([2.3, 1.1, 0.9, 1.4, 2.1]), ['diverging']],
  ['not-decreasing', run([2.34, 2.33, 2.35, 2.33]), ['not-decreasing']],
  [
    'not-decreasing: it fell to chance, and stays there',
    run([2.336, 2.315, 2.313, 2.314, 2.313, 2.314, 2.313]),
    ['not-decreasing'],
  ],
  ['slow, though it fell as little', run([2.35, 2.34, 2.335, 2.33, 2.325, 2.32, 2.31]), ['slow']],
  ['slow', run([2.3, 2.26, 2.22, 2.17, 2.13, 2.09]), ['slow']],
  ['overfitting', run(falling, [1.4, 0.9, 0.7, 0.62, 0.65, 0.7, 0.78, 0.85]), ['overfitting']],
  ['healthy', run(falling, [1.4, 0.9, 0.7, 0.62, 0.58, 0.56, 0.55, 0.55]), []],
  ['noise near the end', run([2.3, 0.5, 0.1, 0.02, 0.025, 0.019, 0.024, 0.018]), []],
  ['validation that wobbles', run(falling, [1.4, 0.9, 0.7, 0.6, 0.61, 0.6, 0.62, 0.6]), []],
  [
    'exploding: one large',
    withNorms([
      [2, 3],
      [1, 2],
      [1, 80],
      [1, 2],
    ]),
    ['exploding'],
  ],
  [
    'exploding: all large',
    withNorms([
      [500, 700],
      [400, 500],
      [450, 500],
      [300, 400],
    ]),
    ['exploding'],
  ],
  [
    'vanishing',
    withNorms(
      [
        [1e-5, 1e-4],
        [1e-5, 1e-4],
      ],
      [2.3, 2.2],
    ),
    ['vanishing'],
  ],
  [
    'small gradients of what is learned',
    withNorms(
      [
        [2, 3],
        [1e-4, 1e-3],
        [1e-5, 1e-4],
        [1e-5, 1e-4],
      ],
      [2.3, 0.1, 0.01, 0.001],
    ),
    [],
  ],
  [
    'clips-every-step',
    run(falling).map((row) => ({ ...row, clipped: 0.95 })),
    ['clips-every-step'],
  ],
  ['clips now and then', run(falling).map((row) => ({ ...row, clipped: 0.4 })), []],
  ['nothing yet', [], []],
]

test.each(curves)('%s', (_, history, expected) => expect(seen(history)).toEqual(expected))

/** What a rate leads to, on digits: the main symptom, and what is tried first. */
const trained: [
  string,
  typeof adamw | typeof sgd,
  number,
  Symptom | undefined,
  string | undefined,
][] = [
  ['AdamW', adamw, 1e-5, 'not-decreasing', 'overfit-one-batch'],
  ['AdamW', adamw, 1e-4, 'slow', 'raise-rate'],
  ['AdamW', adamw, 1e-2, undefined, undefined],
  ['AdamW', adamw, 0.1, 'oscillating', 'lower-rate'],
  ['AdamW', adamw, 3, 'oscillating', 'lower-rate'],
  ['SGD', sgd, 1e-2, 'slow', 'raise-rate'],
  ['SGD', sgd, 1, undefined, undefined],
  ['SGD', sgd, 3, 'not-finite', 'lower-rate'],
]

test.each(trained)(
  '$0 with rate $2: $3',
  async (_, make, lr, symptom, first) => {
    await useBackend('simd')
    const { train, validation } = await someDigits()
    const model = smallNet(1, 32)
    const optimizer = (make as typeof adamw)(model.parameters(), { lr })
    const options = { train, validation, optimizer, epochs: 12, metrics: { accuracy } }
    const found = diagnose(await fit(model, { ...options, progress: false }))
    expect([found.symptoms[0]?.symptom, found.first?.code]).toEqual([symptom, first])
    expect(found.unseen).toEqual([])
  },
  60_000,
)

test('a stopped history tells its step', () => {
  const stopped = { why: 'nonFinite', epoch: 2, step: 31, message: '' } as const
  const { symptoms: all, first } = diagnose({ rows: run([2.3, 1.1]), stopped })
  expect(all).toEqual([{ symptom: 'not-finite', seen: 'at step 31, in epoch 2' }])
  expect(first?.code).toBe('lower-rate')
})

describe('the order of fixes', () => {
  const recipe = { optimizer: 'adam', lr: 0.1, batchSize: 8, precision: 'float16' } as const

  test('Adam with lr 0.1, batch 8, mixed precision, oscillating: rate first, optimizer last', () => {
    const { rows } = diagnose([], { recipe, symptoms: ['oscillating'] })
    expect(rows.map(({ stage, code }) => [stage, code])).toEqual([
      ['learning rate', 'lower-rate'],
      ['numerical stability', 'numbers'],
      ['batch size', 'larger-batch'],
      ['gradients', 'look-at-gradients'],
      ['gradients', 'clip'],
      ['optimizer', 'other-optimizer'],
    ])
    expect(rows.map(({ order }) => order)).toEqual([1, 2, 3, 4, 5, 6])
    expect(rows[0]!.move).toBe(
      'Divide the learning rate by 3 to 10: 0.1 → 0.0333 to 0.01, and on to 1e-3, where Adam starts.',
    )
    expect(rows[2]!.move).toBe('Batch 8 is small: take 64, or accumulate: 8.')
  })

  const all = Object.keys(symptoms) as Symptom[]
  test.each(all)('of %s: stages never go back', (symptom) => {
    const { rows, symptoms: found } = diagnose([], { symptoms: [symptom] })
    expect(found).toEqual([{ symptom, seen: 'as you said' }])
    expect(rows.length).toBeGreaterThan(0)
    const places = rows.map(({ stage }) => stages.indexOf(stage))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places.slice(0, -1)).not.toContain(stages.indexOf('optimizer'))
  })

  test('the five of the course keep their order', () => {
    const five = ['learning rate', 'numerical stability', 'batch size', 'gradients', 'optimizer']
    expect(stages.filter((stage) => five.includes(stage))).toEqual(five)
    expect(stages.at(-1)).toBe('optimizer')
  })

  test('several at once: the graver is the main one, and what contradicts is left out', () => {
    const { symptoms: found, rows } = diagnose([], { symptoms: ['slow', 'oscillating'] })
    expect(found[0]!.symptom).toBe('oscillating')
    expect(rows.map(({ code }) => code)).not.toContain('raise-rate')
    expect(rows[0]).toMatchObject({ code: 'lower-rate', against: 'oscillating' })
    const both = diagnose([], { symptoms: ['overfitting', 'oscillating'] }).rows
    expect(both.map(({ code }) => code).slice(-3)).toEqual([
      'stop-earlier',
      'regularize',
      'other-optimizer',
    ])
  })
})

/** What is tried first for each symptom, and what must be among the rest. */
const firsts: [Symptom, string, string[]][] = [
  ['not-finite', 'lower-rate', ['numbers', 'look-at-gradients', 'clip']],
  ['oscillating', 'lower-rate', ['look-at-gradients', 'clip', 'larger-batch']],
  ['overfitting', 'stop-earlier', ['regularize']],
  ['underfitting', 'larger-model', []],
  ['slow', 'raise-rate', ['other-optimizer']],
  ['backbone-drifts', 'smaller-backbone-rate', ['unfreeze-in-stages']],
  [
    'not-decreasing',
    'overfit-one-batch',
    ['find-rate', 'data-pipeline', 'loss-function', 'look-at-gradients', 'first-weights'],
  ],
  ['clips-every-step', 'lower-rate', ['look-at-gradients']],
  ['exploding', 'lower-rate', ['clip']],
  ['vanishing', 'overfit-one-batch', ['first-weights']],
  ['diverging', 'lower-rate', ['clip']],
]

test.each(firsts)('%s: %s first', (symptom, first, others) => {
  const all = codes([], { symptoms: [symptom] })
  expect(all[0]).toBe(first)
  expect(all).toEqual(expect.arrayContaining(others))
})

test('every move is for something, and every symptom has moves', () => {
  const moved = new Set(firsts.flatMap(([symptom]) => codes([], { symptoms: [symptom] })))
  expect([...moved].sort()).toEqual(moveRules.map(({ code }) => code).sort())
  expect(firsts.map(([symptom]) => symptom).sort()).toEqual(Object.keys(symptoms).sort())
})

test('moves follow the recipe', () => {
  const slow = (recipe: DiagnoseOptions['recipe']) =>
    diagnose([], { symptoms: ['slow'], recipe }).first!.move
  expect(slow({ lr: 1e-3 })).toContain('0.001 → 0.002 to 0.003')
  const recipe = { clip: 1, batchSize: 256, precision: 'float32' } as const
  expect(codes([], { symptoms: ['oscillating'], recipe })).toEqual([
    'lower-rate',
    'look-at-gradients',
    'other-optimizer',
  ])
  expect(codes([], { recipe: { symptoms: ['overfitting'] } })[0]).toBe('stop-earlier')
})

test('accuracies: 99 and 70 overfit, 60 and 58 underfit, 95 and 93 neither', () => {
  expect(fitGap({ train: 0.99, validation: 0.7 })).toBe('overfitting')
  expect(fitGap({ train: 0.6, validation: 0.58 })).toBe('underfitting')
  expect(fitGap({ train: 0.95, validation: 0.93 })).toBe('neither')
  expect(() => fitGap({ train: 99, validation: 70 })).toThrow(
    'fitGap: train must be in [0, 1], got 99',
  )
  const options = { accuracy: { train: 0.99, validation: 0.7 } }
  expect(diagnose(run(falling), options).first?.code).toBe('stop-earlier')
})

test('a run that ended in NaN is not called underfitting, however poor its accuracy', () => {
  const accuracy = { train: 0, validation: 0 }
  const broken = diagnose(run([2.3, Number.NaN]), { accuracy })
  expect(broken.symptoms.map(({ symptom }) => symptom)).toEqual(['not-finite'])
  expect(broken.rows.map(({ code }) => code)).not.toContain('larger-model')
  const finite = diagnose(run(falling), { accuracy })
  expect(finite.symptoms.map(({ symptom }) => symptom)).toEqual(['underfitting'])
})

test('it tells which of the four curves were not looked at', () => {
  expect(diagnose(run([1, 0.5])).unseen).toEqual([
    'validation loss',
    'validation metric',
    'learning rate',
  ])
  const row = { epoch: 1, trainLoss: 1, validationLoss: 1, metrics: { accuracy: 0 }, lr: [1] }
  expect(diagnose([row]).unseen).toEqual([])
  expect(String(diagnose(run([1, 0.5])))).toBe(
    'Nothing stands out in these curves. Not looked at: validation loss, validation metric, learning rate',
  )
})

test('it shows itself', async () => {
  useHost()
  display(diagnose([], { symptoms: ['slow'] }))
  const bundle = await shown[0]!.bundle
  expect(bundle['text/html']).toContain('<td>1</td><td>learning rate</td><td>raise-rate</td>')
  expect(bundle['text/html']).toContain(
    '<th scope="col" style="text-align:left">why</th><th scope="col" style="text-align:left">rests on</th></tr>',
  )
  expect(bundle['text/plain']).toMatch(/^Seen: slow \(.*\n1\. learning rate: Multiply/)
})

test('what is no symptom is refused', () => {
  expect(() => diagnose([], { symptoms: ['tired'] } as never)).toThrow(
    'diagnose: recipe.symptoms[0] must be not-finite,',
  )
  expect(() => diagnose({ rows: 1 } as never)).toThrow('diagnose: it takes a History')
})
