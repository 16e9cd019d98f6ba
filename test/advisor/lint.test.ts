import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decayTwoWays, display, lint, presets, redFlags, type TrainingRecipe } from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'
import { optimizerNames } from '../../src/advisor/families.js'
import { noHost, shown, useHost } from '../support/host.js'

afterEach(noHost)

const codes = (recipe: TrainingRecipe): string[] => lint(recipe).rows.map(({ code }) => code)

/** For each rule recipes that break it, and recipes as near to them as possible that do not. */
const cases: Record<string, { breaks: TrainingRecipe[]; keeps: TrainingRecipe[] }> = {
  'optimizer-unknown': {
    breaks: [{ optimizer: 'Adam' }, { optimizer: 'sgd with momentum' }, { optimizer: '' }],
    keeps: [{ optimizer: 'adam' }, { optimizer: 'scheduleFree' }, {}],
  },
  'adam-decay': {
    breaks: [
      { optimizer: 'adam', weightDecay: 0.01 },
      { optimizer: 'nadam', weightDecay: 1e-4 },
    ],
    keeps: [
      { optimizer: 'adamw', weightDecay: 0.01 },
      { optimizer: 'adam', weightDecay: 0 },
      { optimizer: 'nadam', weightDecay: 1e-4, decoupled: true },
      { optimizer: 'sgd', weightDecay: 0.01 },
    ],
  },
  'adam-transformer': {
    breaks: [
      { optimizer: 'adam', model: 'transformer' },
      { optimizer: 'adam', model: 'vit' },
    ],
    keeps: [
      { optimizer: 'adamw', model: 'transformer' },
      { optimizer: 'adam', model: 'rnn' },
    ],
  },
  'momentum-without-nesterov': {
    breaks: [{ optimizer: 'sgd', momentum: 0.9 }],
    keeps: [{ optimizer: 'sgd', momentum: 0.9, nesterov: true }, { optimizer: 'sgd' }],
  },
  'one-optimizer-for-all': {
    breaks: [{ optimizer: 'adamw', usedFor: ['cnn', 'transformer'] }],
    keeps: [{ optimizer: 'adamw', usedFor: ['cnn', 'cnn'] }],
  },
  'optimizer-blamed': {
    breaks: [{ nextChange: 'optimizer' }],
    keeps: [{ nextChange: 'optimizer', lrTuned: true }, { nextChange: 'learning-rate' }],
  },
  'large-batch-optimizer-idle': {
    breaks: [
      { optimizer: 'lamb', batchSize: 256 },
      { optimizer: 'lars', batchSize: 8192 },
    ],
    keeps: [{ optimizer: 'lamb', batchSize: 16_384 }, { optimizer: 'lamb' }],
  },
  'unusual-betas': {
    breaks: [
      { optimizer: 'adam', beta1: 0.9, beta2: 0.98, model: 'cnn' },
      { optimizer: 'adamw', beta1: 0.85 },
    ],
    keeps: [
      { optimizer: 'adamw', beta1: 0.9, beta2: 0.98, model: 'transformer' },
      { optimizer: 'adamw', beta2: 0.95, because: { beta2: 'a very long run' } },
    ],
  },
  'goal-missed': {
    breaks: [
      { optimizer: 'adamw', model: 'cnn', goal: 'best-end' },
      { optimizer: 'sgd', model: 'cnn', goal: 'fast-start' },
    ],
    keeps: [
      { optimizer: 'sgd', model: 'cnn', goal: 'best-end' },
      { optimizer: 'adamw', model: 'vit', goal: 'best-end' },
    ],
  },
  'adam-rate-high': {
    breaks: [
      { optimizer: 'adam', lr: 0.1 },
      { optimizer: 'adamw', lr: 0.5 },
    ],
    keeps: [
      { optimizer: 'adam', lr: 0.099 },
      { optimizer: 'sgd', lr: 0.1 },
    ],
  },
  'sgd-rate-high': {
    breaks: [
      { optimizer: 'sgd', lr: 10, batchSize: 32 },
      { optimizer: 'sgd', lr: 1, momentum: 0.9 },
      { optimizer: 'sgd', lr: 50, batchSize: 1024 },
    ],
    keeps: [
      { optimizer: 'sgd', lr: 9.9 },
      { optimizer: 'sgd', lr: 10, lrTuned: true },
      { optimizer: 'sgd', lr: 3.2, momentum: 0.9, batchSize: 8192 },
      { optimizer: 'lars', lr: 30 },
    ],
  },
  'sgd-rate-low': {
    breaks: [{ optimizer: 'sgd', lr: 9e-4 }],
    keeps: [
      { optimizer: 'sgd', lr: 1e-3 },
      { optimizer: 'sgd', lr: 1e-4, pretrained: true },
      { optimizer: 'adam', lr: 1e-4 },
    ],
  },
  'rate-out-of-range': {
    breaks: [
      { optimizer: 'adam', lr: 0.01 },
      { optimizer: 'rmsprop', lr: 0.1 },
    ],
    keeps: [
      { optimizer: 'adam', lr: 3e-3 },
      { optimizer: 'adam', lr: 0.01, lrTuned: true },
    ],
  },
  'same-rate-sgd-adam': {
    breaks: [
      {
        compared: [
          { optimizer: 'sgd', lr: 0.01, lrTuned: true },
          { optimizer: 'adam', lr: 0.01, lrTuned: true },
        ],
      },
    ],
    keeps: [
      {
        compared: [
          { optimizer: 'sgd', lr: 0.1, lrTuned: true },
          { optimizer: 'adam', lr: 1e-3, lrTuned: true },
        ],
      },
      { compared: [{ optimizer: 'sgd', lr: 0.1 }] },
    ],
  },
  'untuned-comparison': {
    breaks: [
      {
        compared: [
          { optimizer: 'sgd', lr: 0.1, lrTuned: true },
          { optimizer: 'adam', lr: 1e-3 },
        ],
      },
    ],
    keeps: [
      {
        compared: [
          { optimizer: 'sgd', lr: 0.1, lrTuned: true },
          { optimizer: 'adam', lr: 1e-3, lrTuned: true },
        ],
      },
    ],
  },
  'rate-not-scaled': {
    breaks: [
      { optimizer: 'sgd', lr: 0.1, batchSize: 2048, tunedAt: { batchSize: 256, lr: 0.1 } },
      { optimizer: 'adam', lr: 1e-3, batchSize: 32, tunedAt: { batchSize: 256, lr: 1e-3 } },
    ],
    keeps: [
      { optimizer: 'sgd', lr: 0.8, batchSize: 2048, tunedAt: { batchSize: 256, lr: 0.1 } },
      { optimizer: 'sgd', lr: 0.1, batchSize: 300, tunedAt: { batchSize: 256, lr: 0.1 } },
    ],
  },
  'no-warmup': {
    breaks: [
      { model: 'transformer', schedule: 'cosine' },
      { batchSize: 16_384, schedule: 'constant' },
    ],
    keeps: [
      { model: 'transformer', schedule: 'warmupCosine' },
      { model: 'transformer', schedule: 'cosine', warmup: 0.1 },
      { model: 'cnn', schedule: 'cosine' },
    ],
  },
  'no-rate-range': {
    breaks: [{ optimizer: 'adam', lr: 1e-3 }],
    keeps: [
      { optimizer: 'adam', lr: 1e-3, lrRange: [1e-4, 1e-2] },
      { optimizer: 'adam', lr: 1e-3, lrTuned: true },
    ],
  },
  'batch-tiny': {
    breaks: [{ batchSize: 7 }],
    keeps: [{ batchSize: 8 }],
  },
  'batch-huge': {
    breaks: [{ batchSize: 8193, optimizer: 'adamw' }],
    keeps: [{ batchSize: 8192 }, { batchSize: 8193, optimizer: 'lamb' }],
  },
  'batch-size-unsaid': {
    breaks: [{ optimizer: 'adam' }],
    keeps: [{ optimizer: 'adam', batchSize: 64 }],
  },
  'float16-eps': {
    breaks: [{ optimizer: 'adam', precision: 'float16' }],
    keeps: [
      { optimizer: 'adam', precision: 'float16', eps: 1e-7 },
      { optimizer: 'adam', precision: 'bfloat16' },
      { optimizer: 'sgd', precision: 'float16' },
    ],
  },
  'float16-unscaled': {
    breaks: [{ precision: 'float16', lossScaling: false }],
    keeps: [{ precision: 'float16', lossScaling: true }, { lossScaling: false }],
  },
  'clips-every-step': {
    breaks: [{ clip: 1, clipped: 0.9 }],
    keeps: [{ clip: 1, clipped: 0.5 }],
  },
  'rnn-without-clip': {
    breaks: [{ model: 'rnn', optimizer: 'adam' }],
    keeps: [{ model: 'rnn', optimizer: 'adam', clip: 1 }],
  },
  'gradients-unseen': {
    breaks: [{ gradientNorm: null }],
    keeps: [{ gradientNorm: 1 }, {}],
  },
  'gradients-explode': {
    breaks: [{ gradientNorm: 1e4 }],
    keeps: [{ gradientNorm: 3 }],
  },
  'gradients-vanish': {
    breaks: [{ gradientNorm: 1e-6 }],
    keeps: [{ gradientNorm: 0.01 }],
  },
  'decay-by-task': {
    breaks: [
      { model: 'cnn', weightDecay: 0.05 },
      { model: 'policy', weightDecay: 1e-4 },
      { model: 'vit', weightDecay: 0 },
    ],
    keeps: [{ model: 'cnn', weightDecay: 1e-4 }, { weightDecay: 0.5 }],
  },
  'biases-decay': {
    breaks: [{ biasesDecay: true, weightDecay: 0.01 }],
    keeps: [
      { biasesDecay: true, weightDecay: 0 },
      { biasesDecay: false, weightDecay: 0.01 },
    ],
  },
  'regularizers-at-once': {
    breaks: [{ added: ['dropout', 'labelSmoothing'] }],
    keeps: [{ added: ['dropout'], regularizers: ['dropout', 'labelSmoothing'] }],
  },
  'evaluated-in-train-mode': {
    breaks: [{ evaluatedIn: 'train', regularizers: ['dropout'] }],
    keeps: [{ evaluatedIn: 'evaluate', regularizers: ['dropout'] }],
  },
  'defaults-for-all': {
    breaks: [{ optimizer: 'adamw' }],
    keeps: [{ optimizer: 'adamw', lr: 1e-3 }, {}],
  },
  'same-rate-backbone-head': {
    breaks: [
      {
        groups: [
          { name: 'backbone', lr: 1e-3 },
          { name: 'head', lr: 1e-3 },
        ],
      },
      { pretrained: true },
    ],
    keeps: [
      {
        pretrained: true,
        groups: [
          { name: 'backbone', lr: 1e-5 },
          { name: 'head', lr: 1e-3 },
        ],
      },
    ],
  },
  'state-lost-on-resume': {
    breaks: [{ resumed: { sameTask: true, state: 'fresh' } }],
    keeps: [{ resumed: { sameTask: true, state: 'loaded' } }],
  },
  'state-kept-for-new-task': {
    breaks: [{ resumed: { sameTask: false, state: 'loaded' } }],
    keeps: [{ resumed: { sameTask: false, state: 'fresh' } }],
  },
  'switch-keeps-state': {
    breaks: [{ switchedFrom: { optimizer: 'adam', lr: 1e-3, state: 'kept' } }],
    keeps: [{ switchedFrom: { optimizer: 'adam', lr: 1e-3, state: 'fresh' } }],
  },
  'switch-keeps-rate': {
    breaks: [
      { optimizer: 'sgd', lr: 1e-3, switchedFrom: { optimizer: 'adam', lr: 1e-3, state: 'fresh' } },
    ],
    keeps: [
      { optimizer: 'sgd', lr: 0.1, switchedFrom: { optimizer: 'adam', lr: 1e-3, state: 'fresh' } },
    ],
  },
  'switch-without-warmup': {
    breaks: [{ optimizer: 'sgd', switchedFrom: { optimizer: 'adam', lr: 1e-3, state: 'fresh' } }],
    keeps: [
      {
        optimizer: 'sgd',
        warmup: 0.05,
        switchedFrom: { optimizer: 'adam', lr: 1e-3, state: 'fresh' },
      },
    ],
  },
}

test('every rule has its cases, and a code of its own', () => {
  const all = redFlags.map(({ code }) => code)
  expect(Object.keys(cases).sort()).toEqual([...all].sort())
  expect(new Set(all).size).toBe(all.length)
})

describe.each(Object.entries(cases))('%s', (code, { breaks, keeps }) => {
  test.each(breaks)('is found in %j', (recipe) => expect(codes(recipe)).toContain(code))
  test.each(keeps)('is not found in %j', (recipe) => expect(codes(recipe)).not.toContain(code))
})

test('a finding says what is there, why, what to do, and what that rests on', () => {
  const { rows } = lint({
    optimizer: 'sgd',
    lr: 0.1,
    lrTuned: true,
    batchSize: 2048,
    tunedAt: { batchSize: 256, lr: 0.1 },
  })
  expect(rows).toMatchObject([
    {
      code: 'rate-not-scaled',
      severity: 'medium',
      found: 'batch 256 → 2048 with the same lr 0.1; the linear rule gives 0.8',
      evidence: 'rule of thumb',
    },
  ])
  expect(Object.values(rows[0]!).every((text) => text.length > 0)).toBe(true)
})

test('the most severe come first', () => {
  const { rows } = lint({ optimizer: 'adam', lr: 0.1, weightDecay: 0.1, momentum: 0.9 })
  expect(rows.map(({ severity }) => severity)).toEqual([
    'critical',
    'critical',
    'medium',
    'medium',
    'low',
  ])
})

test.each(presets)('the preset $code has no flag above low', ({ recipe }) => {
  expect(lint(recipe).rows.filter(({ severity }) => severity !== 'low')).toEqual([])
})

test('it shows itself as a table, and as paragraphs where there are no tables', async () => {
  useHost()
  display(lint({ optimizer: 'adam', lr: 0.1, lrTuned: true, batchSize: 64 }))
  const bundle = await shown[0]!.bundle
  expect(bundle['text/html']).toMatch(
    /^<table><caption>1 thing to look at<\/caption>.*<td>critical<\/td><td>adam-rate-high<\/td>/,
  )
  expect(bundle['text/plain']).toMatch(
    /^1 thing to look at\ncritical {2}adam-rate-high: adam with lr 0\.1\n .*\n {2}Fix: /,
  )
  expect(String(lint({}))).toBe('No red flags')
})

test('what a recipe cannot say is refused, with the place', () => {
  const wrong: [unknown, string][] = [
    [{ lr: -1 }, 'lint: recipe.lr must be ≥ 0, got -1'],
    [{ lr: '0.1' }, 'lint: recipe.lr must be a number, got "0.1"'],
    [{ lr: Number.NaN }, 'lint: recipe.lr must be finite and ≥ 0, got NaN'],
    [{ optimiser: 'sgd' }, 'no field "optimiser"; did you mean optimizer? it has name, model,'],
    [{ beta1: 1 }, 'lint: recipe.beta1 must be ≥ 0 and < 1, got 1'],
    [{ lrRange: [1] }, 'lint: recipe.lrRange must have 2 entries, got 1'],
    [{ lrRange: [1, 0.1] }, 'lint: recipe.lrRange must be [smallest, largest], got [1, 0.1]'],
    [{ groups: [{ name: 'head' }] }, 'lint: recipe.groups[0].lr is missing'],
    [{ tunedAt: [] }, 'lint: recipe.tunedAt must be an object, got []'],
    [{ gradientNorm: 'large' }, 'lint: recipe.gradientNorm must be a number or null, got "large"'],
    [[], 'lint: recipe must be an object, got []'],
    [null, 'lint: recipe must be an object, got null'],
  ]
  for (const [recipe, message] of wrong)
    expect(() => lint(recipe as TrainingRecipe), message).toThrow(message)
  expect(() => lint({ goal: 'fast' } as never)).toThrow(
    'lint: recipe.goal must be fast-start or best-end, got "fast"',
  )
  expect(() => lint({ learningRate: 1 } as never)).toThrow(
    'lint: recipe: there is no field "learningRate"; it has name, model,',
  )
})

test('a name that the library has not is said to be unknown, with the one that was meant', () => {
  const found = (optimizer: string) =>
    lint({ optimizer }).rows.find(({ code }) => code === 'optimizer-unknown')?.found
  expect(found('AdamW')).toBe('"AdamW" is no optimizer of the library; did you mean adamw?')
  expect(found('momentum')).toBe('"momentum" is no optimizer of the library')
})

test('the names are those of the library', () => {
  const folder = join('src', 'optimizers')
  const made = readdirSync(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    return /^export const (\w+) = defineOptimizer\(/m.exec(text)?.[1] ?? []
  })
  expect(made).toContain('adamw')
  expect([...optimizerNames].sort()).toEqual([...made, 'lbfgs', 'lookahead'].sort())
})

// What the rules say is measured here.
test('1e-8 is 0 in float16, 1e-7 is not', () => {
  // binary16 has steps of 2⁻²⁴ near 0.
  const rounded = (x: number) => Math.round(x * 2 ** 24) / 2 ** 24
  expect([rounded(1e-8), rounded(1e-7) > 0]).toEqual([0, true])
})

test('under Adam the decay of a weight is the weaker the larger its gradients', async () => {
  const rows = await decayTwoWays('adam')
  const missing = rows.map(({ difference }) => Math.abs(difference))
  expect(missing.at(-1)).toBeGreaterThan(1e-3)
  expect(rows.at(-1)!.rootVHat).toBeGreaterThan(100 * rows[0]!.rootVHat)
  for (const { difference } of await decayTwoWays('sgd')) expect(difference).toBeCloseTo(0, 12)
})
