import {
  accuracy,
  adam,
  compare,
  type crossEntropy,
  type Dataset,
  digits,
  ema,
  evaluate,
  fit,
  l2Penalty,
  type Recipe,
  sgd,
  split,
  stagedUnfreeze,
} from 'downhill'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { displaySymbol } from '../../src/host/types.js'
import { spreadOf, spreadText } from '../../src/training/statistics.js'
import { smallNet, someDigits, timeless, weightsOf } from '../support/fits.js'
import { noHost, shown, useHost } from '../support/host.js'

let data: { train: Dataset; validation: Dataset; test: Dataset }
beforeAll(async () => {
  data = await someDigits({ train: 100, validation: 100 })
})
const quiet = { progress: false } as const
const recipe = (name: string, lr: number, more: Partial<Recipe> = {}): Recipe => ({
  name,
  model: smallNet,
  optimizer: (params) => sgd(params, { lr }),
  ...more,
})

describe('numbers', () => {
  test('each run is the fit of its seed, and the table is made of them', async () => {
    const { train, validation } = data
    const shared = { train, validation, epochs: 3, batchSize: 20, metrics: { accuracy } }
    const seeds = [3, 1, 4]
    const both = [recipe('slow', 0.01), recipe('fast', 0.1)]
    const found = await compare(both, { ...shared, seeds, ...quiet })
    const finals: number[][] = []
    for (const { name, optimizer } of both) {
      const values: number[] = []
      for (const seed of seeds) {
        const model = smallNet(seed)
        const made = optimizer(model.parameters(), model)
        const history = await fit(model, { ...shared, optimizer: made, seed, ...quiet })
        const run = found.of(name).find((one) => one.seed === seed)!
        expect(timeless(run.history)).toEqual(timeless(history))
        values.push(history.last.metrics.accuracy!)
      }
      finals.push(values)
    }
    const [slow, fast] = finals as [number[], number[]]
    expect(found.rows[0]!.final).toEqual(spreadOf(slow))
    expect(found.rows[1]!.difference).toEqual(spreadOf(fast.map((value, k) => value - slow[k]!)))
    expect(found.rows[0]).not.toHaveProperty('difference')
    expect(found.rows[1]!.steps).toEqual({ mean: 15, sd: 0, n: 3 })
    expect(found.compared).toEqual({ column: 'accuracy', mode: 'max' })
    const band = found.band('fast', 'trainLoss')
    const second = found.of('fast').map(({ history }) => history.rows[1]!.trainLoss)
    expect([band.mean[1], band.sd[1], band.n[1]]).toEqual(Object.values(spreadOf(second)))
    expect(band.epoch).toEqual([1, 2, 3])
  })

  test('each seed may have its own data, and the trained model is measured on its test set', async () => {
    const all = await digits()
    const parts = (seed: number) => split(all, { train: 100, validation: 100, test: 200, seed })
    const asked: number[] = []
    const found = await compare([recipe('it', 0.001)], {
      seeds: [1, 2],
      data: (seed) => {
        asked.push(seed)
        return parts(seed)
      },
      epochs: 2,
      metrics: { accuracy },
      ...quiet,
    })
    expect(asked).toEqual([1, 2])
    for (const [k, seed] of [1, 2].entries()) {
      const model = smallNet(seed)
      const { train, validation, test: last } = parts(seed)
      await fit(model, {
        train,
        validation,
        seed,
        epochs: 2,
        optimizer: sgd(model.parameters(), { lr: 0.001 }),
        ...quiet,
      })
      expect(found.runs[k]!.test).toEqual(await evaluate(model, last, { metrics: { accuracy } }))
    }
    const tests = found.runs.map(({ test: one }) => one!.metrics.accuracy)
    expect(found.rows[0]!.test).toEqual(spreadOf(tests))
    expect(String(found)).toContain('on the test set')
  })

  test('a recipe may have options of its own', async () => {
    const { train, validation } = data
    const made: string[] = []
    const found = await compare(
      [
        recipe('none', 0.1),
        recipe('L2', 0.1, { penalty: (model) => l2Penalty(model.parameters(), 1) }),
        recipe('stopped', 0.1, { earlyStopping: { patience: 1, minDelta: 100 } }),
        recipe('average', 0.1, { average: (params) => ema(params) }),
        recipe('stages', 0.1, {
          stages: (model) => stagedUnfreeze([model.parameters()]),
          epochs: 1,
        }),
        recipe('hooked', 0.1, { onEpoch: () => void made.push('own') }),
      ],
      {
        seeds: [1],
        train,
        validation,
        epochs: 3,
        onEpoch: () => void made.push('shared'),
        ...quiet,
      },
    )
    expect(found.compared).toEqual({ column: 'validationLoss', mode: 'min' })
    const [none, ...others] = found.rows
    expect(found.rows.map(({ epochs }) => epochs.mean)).toEqual([3, 3, 2, 3, 1, 3])
    expect(others.slice(0, 3).every(({ difference }) => difference?.mean !== 0)).toBe(true)
    expect(others[4]!.difference?.mean).toBe(0)
    expect(none!.best.mean).toBeLessThanOrEqual(none!.final.mean)
    expect(made.filter((one) => one === 'own')).toHaveLength(3)
    expect(made).toHaveLength(3 + 3 + 3 + 2 + 3 + 1)
  })

  test('runs that diverge are counted, and their numbers are not', async () => {
    const { train, validation } = data
    const found = await compare([recipe('fine', 0.1), recipe('wild', 1e30)], {
      seeds: [1, 2],
      train,
      validation,
      epochs: 2,
      ...quiet,
    })
    const [fine, wild] = found.rows
    expect([fine!.diverged, wild!.diverged]).toEqual([0, 2])
    expect([wild!.final.n, wild!.best.n, wild!.difference?.n]).toEqual([0, 0, 0])
    expect(String(found)).toMatch(/diverged\n/)
    expect(found.plot().figures.length).toBe(3)
  })

  test('spreads', () => {
    expect(spreadOf([1, 2, 3, 4])).toEqual({ mean: 2.5, sd: Math.sqrt(5 / 3), n: 4 })
    expect(spreadOf([1, undefined, Number.NaN])).toEqual({ mean: 1, sd: Number.NaN, n: 1 })
    expect(spreadText(spreadOf([0.951, 0.962, 0.94]))).toBe('0.951 ± 0.011')
    expect(spreadText(spreadOf([1234, 1456]))).toBe('1345 ± 157')
    expect(spreadText(spreadOf([2, 2]))).toBe('2 ± 0')
    expect(spreadText(spreadOf([]))).toBe('')
  })
})

describe('shown', () => {
  afterEach(noHost)

  test('a bar over all runs, a table and bands', async () => {
    useHost()
    const { train, validation } = data
    const found = await compare(
      [recipe('a', 0.1), recipe('b', 0.2, { earlyStopping: { patience: 1, minDelta: 100 } })],
      {
        seeds: [1, 2],
        train,
        validation,
        epochs: 3,
        metrics: { accuracy },
      },
    )
    expect(new Set(shown.map(({ id }) => id)).size).toBe(1)
    expect((await shown.at(-1)!.bundle)['text/plain']).toMatch(/^epochs of all runs: 12 of 12/)
    expect(found.table().rows.map(({ recipe }) => recipe)).toEqual(['a', 'b'])
    const { figures } = found.plot()
    expect(figures.map(({ layout }) => layout.title.text)).toEqual([
      ...['Train loss', 'Validation loss', 'Accuracy', 'Learning rate'],
    ])
    expect(figures[2]!.data.map(({ mode }) => mode)).toEqual(['none', 'lines', 'none', 'lines'])
    const bundle = await found[displaySymbol]()
    expect(bundle['text/html']).toMatch(/^<table>.*<\/table><div><svg .*<\/svg><\/div>$/s)
  })
})

describe('refused', () => {
  const run = (recipes: Recipe[], more: object = {}) =>
    compare(recipes, { seeds: [1], train: data.train, epochs: 1, ...quiet, ...more })
  test.each<[string, () => Recipe[], object, string]>([
    ['no recipes', () => [], {}, 'at least one recipe'],
    [
      'two of a name',
      () => [recipe('a', 1), recipe('a', 2)],
      {},
      'a name of its own, got "a" twice',
    ],
    ['no seeds', () => [recipe('a', 1)], { seeds: [] }, 'seeds must be a list of at least one'],
    ['a seed twice', () => [recipe('a', 1)], { seeds: [1, 1] }, 'each seed counts once'],
    ['a seed', () => [recipe('a', 1)], { seeds: [-1] }, 'a seed must be'],
    [
      'a checkpoint',
      () => [recipe('a', 1)],
      { checkpoint: { path: 'x' } },
      'no option "checkpoint"',
    ],
    [
      'a recipe with a seed',
      () => [{ ...recipe('a', 1), seed: 1 } as never],
      {},
      'no option "seed"',
    ],
    [
      'a model that is made',
      () => [{ ...recipe('a', 1), model: 1 as never }],
      {},
      'must be functions',
    ],
    [
      'a column without a direction',
      () => [recipe('a', 1)],
      { metrics: { f1: () => 1 } },
      'compare: it watches "f1"',
    ],
  ])('%s', async (_, recipes, more, message) => {
    await expect(run(recipes(), more)).rejects.toThrow(message)
  })

  test('options that are not there', async () => {
    await expect(compare([recipe('a', 1)], undefined as never)).rejects.toThrow(
      'compare: options must be an object',
    )
  })

  test('an error of a run names the recipe and the seed', async () => {
    const loss: typeof crossEntropy = () => {
      throw new Error('mine')
    }
    await expect(run([recipe('a', 1)], { loss })).rejects.toThrow(
      'compare: recipe "a", seed 1: mine',
    )
  })
})

test('a model that is the same for each seed differs by the order alone', async () => {
  const weights: number[][][] = []
  const model = () => smallNet(1)
  await compare([{ name: 'it', model, optimizer: (params) => adam(params) }], {
    seeds: [1, 2],
    train: data.train,
    epochs: 1,
    penalty: (net) => {
      weights.push(weightsOf(net as never))
      return net.parameters()[0]!.sum().mul(0)
    },
    ...quiet,
  })
  expect(weights[0]).toEqual(weights[weights.length / 2])
  expect(weights[1]).not.toEqual(weights[weights.length / 2 + 1])
})
