import {
  adam,
  adamw,
  constant,
  Dataset,
  type FitOptions,
  fit,
  linear,
  noDecayGroups,
  recipeOfFit,
  sgd,
  useBackend,
  warmupCosine,
} from 'downhill'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { lintFit } from '../../src/advisor/lintFit.js'
import { noHost, type Shown, shown, useHost } from '../support/host.js'

beforeEach(() => useBackend('reference'))
afterEach(noHost)
afterAll(() => useBackend('auto'))

const rows = Array.from({ length: 40 }, (_, k) => k / 40)
const train = () => new Dataset({ x: rows.map((x) => [x]), y: rows.map((x) => 2 * x) })
const bad = (more: Partial<FitOptions> = {}) => {
  const model = linear(1, 1, { seed: 1 })
  const optimizer = adam(model.parameters(), { lr: 0.1, weightDecay: 0.1 })
  return fit(model, { train: train(), optimizer, epochs: 1, ...more })
}
const texts = async (all: readonly Shown[]): Promise<string[]> => {
  const bundles = await Promise.all(all.map(({ bundle }) => bundle))
  return bundles.map((bundle) => String(bundle['text/plain'])).filter((text) => /note/.test(text))
}

test('fit notes what lint finds, once a cell, and trains', async () => {
  let cell = {}
  useHost({ cell: () => cell })
  const history = await bad()
  expect(history.rows).toHaveLength(1)
  await bad()
  const [note, ...others] = await texts(shown)
  expect(others).toEqual([])
  expect(note).toMatch(/^A note before training \(lint: false turns it off\)\ncritical {2}adam-/)
  expect(note).toContain('adam-decay: adam with weightDecay 0.1')
  expect(note).toContain('adam-rate-high: adam with lr 0.1')
  cell = {}
  await bad()
  expect(await texts(shown)).toHaveLength(2)
})

test('it can be turned off, and is off where progress is', async () => {
  useHost({ cell: () => 'another' })
  await bad({ lint: false })
  await bad({ progress: false })
  expect(await texts(shown)).toEqual([])
  await bad({ progress: false, lint: true })
  expect(await texts(shown)).toHaveLength(1)
})

test('a good recipe, and an optimizer that is none of ours, bring no note', async () => {
  useHost({ cell: () => 'third' })
  const model = linear(1, 1, { seed: 1 })
  const good = adamw(model.parameters(), { lr: 1e-3 })
  await fit(model, { train: train(), optimizer: good, epochs: 1 })
  const odd = {
    ...{ name: 'mine', steps: 0, zeroGrad: () => {}, step: () => {} },
    groups: [
      {
        params: [],
        get lr(): number {
          throw new Error('not yet')
        },
      },
    ],
    stateDict: () => good.stateDict(),
    loadStateDict: () => {},
  }
  expect(() => recipeOfFit({ train: train(), optimizer: odd, epochs: 1 })).toThrow('not yet')
  lintFit({ train: train(), optimizer: odd, epochs: 1 })
  expect(await texts(shown)).toEqual([])
})

test('what options of fit say becomes a recipe', () => {
  const params = linear(2, 1, { seed: 1 }).parameters()
  const lr = warmupCosine({ peak: 0.01, warmup: 3, total: 10 })
  const options = { train: train(), epochs: 2, batchSize: 4, accumulate: 2, clip: 1 }
  expect(recipeOfFit({ ...options, optimizer: adamw(params, { lr, weightDecay: 0.1 }) })).toEqual({
    ...{ optimizer: 'adamw', lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.1 },
    ...{ schedule: 'warmupCosine', biasesDecay: true, batchSize: 8, epochs: 2, clip: 1 },
  })
  const { groups } = noDecayGroups(params, { weightDecay: 0.1 })
  const split = recipeOfFit({ ...options, optimizer: adamw(groups, { lr: constant(1) }) })
  expect(split).toMatchObject({ biasesDecay: false, weightDecay: 0.1, lr: 1, schedule: 'constant' })
  const plain = sgd(params, { lr: 0.1, momentum: 0.9, nesterov: true })
  expect(recipeOfFit({ train: () => [], optimizer: plain, epochs: 1 })).toEqual({
    ...{ optimizer: 'sgd', lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0 },
    ...{ schedule: 'constant', batchSize: 32, epochs: 1 },
  })
})
