import { type DigitsRecipe, digits, lint, spirals, split, trainRecipe } from 'downhill'
import { describe, expect, test } from 'vitest'

const all = await digits()
const { train, validation, test: judge } = split(all, { train: 120, validation: 80, seed: 1 })
const given = { train, validation, seed: 1 }
const plain: DigitsRecipe = {
  optimizer: 'sgd',
  lr: 0.1,
  batchSize: 20,
  epochs: 4,
  hidden: [16],
}
const losses = async (change: Partial<DigitsRecipe>, seed = 1) =>
  (await trainRecipe({ ...plain, ...change }, { ...given, seed })).history.column('trainLoss')

test('the same seed gives the same network, another one another', async () => {
  const change = { dropout: 0.2, augment: 'jitter', norm: 'batch' } as const
  expect(await losses(change)).toEqual(await losses(change))
  expect(await losses(change, 2)).not.toEqual(await losses(change))
}, 60_000)

test('rows are what was trained on, and the budget holds', async () => {
  const { rows, history } = await trainRecipe(plain, { ...given, rows: 480 })
  expect([rows, history.last.step]).toEqual([480, 24])
  await expect(trainRecipe(plain, { ...given, rows: 479 })).rejects.toThrow('take at most 3 epochs')
}, 60_000)

test('it learns, and reads digits', async () => {
  const run = await trainRecipe({ ...plain, epochs: 30 }, given)
  const read = await run.predict(judge)
  const right = read.filter((digit, k) => digit === judge.y[k]).length
  expect(await run.accuracy(judge)).toBe(right / judge.length)
  expect(right / judge.length).toBeGreaterThan(0.75)
  expect(await run.accuracy(train)).toBeGreaterThan(0.97)
}, 60_000)

test.each<[string, Partial<DigitsRecipe>]>([
  ['rmsprop', { optimizer: 'rmsprop', lr: 0.003, momentum: 0.5 }],
  ['adagrad', { optimizer: 'adagrad', lr: 0.05 }],
  ['adam', { optimizer: 'adam', lr: 0.01, beta2: 0.99 }],
  ['adamw', { optimizer: 'adamw', lr: 0.01, weightDecay: 0.1, schedule: 'cosine', warmup: 0.1 }],
  ['nadam', { optimizer: 'nadam', lr: 0.01 }],
  ['radam', { optimizer: 'radam', lr: 0.02 }],
  ['lion', { optimizer: 'lion', lr: 0.003, schedule: 'linear' }],
  ['lamb', { optimizer: 'lamb', lr: 0.03, warmup: 0.2 }],
  ['nesterov, clipped', { momentum: 0.9, nesterov: true, clip: 1 }],
  ['all that regularizes', { labelSmoothing: 0.1, norm: 'layer', average: 'ema', dropout: 0.1 }],
  ['swa and noise', { average: 'swa', augment: 'noise', activation: 'gelu' }],
  ['no hidden layer', { hidden: [] }],
  ['three layers', { hidden: [16, 16, 16], activation: 'tanh', norm: 'batch' }],
])(
  'trains: %s',
  async (_, change) => {
    const column = await losses(change)
    expect(column.length).toBe(4)
    expect(column.at(-1)).toBeLessThan(column[0]!)
  },
  60_000,
)

test('patience stops, and brings the best weights back', async () => {
  const run = await trainRecipe({ ...plain, lr: 1, epochs: 60, patience: 3 }, given)
  expect(run.history.stopped?.why).toBe('earlyStopping')
  expect(run.rows).toBe(120 * run.history.rows.length)
  const best = run.history.best()
  expect(await run.accuracy(validation)).toBeCloseTo(best.metrics.accuracy!, 9)
}, 60_000)

test('a run that becomes NaN ends early, and reads nothing', async () => {
  const change = { lr: 10, momentum: 0.99, weightDecay: 10 }
  const run = await trainRecipe({ ...plain, ...change, epochs: 40 }, given)
  expect(run.history.stopped?.why).toBe('nonFinite')
  expect(await run.accuracy(judge)).toBeLessThan(0.2)
}, 60_000)

describe('the recipe for lint is what was trained', () => {
  const codesOf = async (change: Partial<DigitsRecipe>) => {
    const { recipe } = await trainRecipe({ ...plain, ...change, epochs: 1 }, given)
    return lint(recipe)
      .rows.filter(({ severity }) => ['critical', 'major'].includes(severity))
      .map(({ code }) => code)
  }
  test.each<[Partial<DigitsRecipe>, string[]]>([
    [{}, []],
    [{ optimizer: 'adamw', lr: 0.01, weightDecay: 0.1, schedule: 'cosine' }, []],
    [{ optimizer: 'adam', lr: 0.01, weightDecay: 0.1 }, ['adam-decay']],
    [{ optimizer: 'adam', lr: 0.3, schedule: 'linear' }, ['adam-rate-high']],
  ])(
    '%o: %j',
    async (change, codes) => {
      expect(await codesOf(change)).toEqual(codes)
    },
    60_000,
  )

  test('it says what regularizes', async () => {
    const change = { dropout: 0.1, augment: 'shift', norm: 'layer' } as const
    const { recipe } = await trainRecipe({ ...plain, ...change, epochs: 1 }, given)
    expect(recipe).toMatchObject({
      optimizer: 'sgd',
      lr: 0.1,
      batchSize: 20,
      epochs: 1,
      regularizers: ['dropout', 'layerNorm', 'augment: shift'],
    })
  }, 60_000)
})

test.each<[string, object, RegExp]>([
  ['no digits', { train: spirals() }, /train must be digits/],
  ['rows that are none', { validation: all.x }, /validation must be digits/],
  ['a seed', { seed: -1 }, /seed must be/],
  ['a budget', { rows: 0.5 }, /rows must be/],
  ['another option', { epochs: 5 }, /there is no option "epochs"/],
])('refused: %s', async (_, change, message) => {
  await expect(trainRecipe(plain, { ...given, ...change })).rejects.toThrow(message)
})
