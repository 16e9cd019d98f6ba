import {
  adamw,
  crossEntropy,
  type Dataset,
  defineLayer,
  findLearningRate,
  fit,
  lbfgs,
  lookahead,
  parameter,
  pickLearningRate,
  sgd,
  tensor,
  useBackend,
  warmupCosine,
} from 'downhill'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { displaySymbol } from '../../src/host/types.js'
import { smallNet, someDigits, weightsOf } from '../support/fits.js'

let train: Dataset
beforeAll(async () => {
  ;({ train } = await someDigits())
})
afterEach(() => useBackend('auto'))
const quiet = { progress: false } as const

describe('the two rules', () => {
  test('steepest fall and a tenth of the minimum', () => {
    const rates = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10]
    expect(pickLearningRate(rates, [2.3, 2.2, 1.5, 0.5, 0.4, 9])).toEqual({
      steepest: 1e-2,
      minimumOverTen: 0.1,
    })
  })

  test('what comes after the minimum does not count, and NaN never does', () => {
    const rates = [1e-3, 1e-2, 1e-1, 1, 10]
    const losses = [2, 1.9, 1.8, Number.NaN, Number.POSITIVE_INFINITY]
    expect(pickLearningRate(rates, losses)).toEqual({ steepest: 1e-3, minimumOverTen: 1e-2 })
    expect(pickLearningRate(rates, [1, 2, 3, 4, 5])).toEqual({
      steepest: Number.NaN,
      minimumOverTen: 1e-4,
    })
    expect(pickLearningRate([], [])).toEqual({ steepest: Number.NaN, minimumOverTen: Number.NaN })
  })

  test('both are among the rates up to the minimum, whatever the losses', () => {
    const losses = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1 })
    fc.assert(
      fc.property(losses, (all) => {
        const rates = all.map((_, k) => 10 ** (k - 5))
        const { steepest, minimumOverTen } = pickLearningRate(rates, all)
        const least = rates[all.indexOf(Math.min(...all))]!
        expect(minimumOverTen).toBe(least / 10)
        if (!Number.isNaN(steepest)) expect(steepest).toBeLessThanOrEqual(least)
      }),
    )
  })

  test('refused', () => {
    expect(() => pickLearningRate([1], [])).toThrow('as many rates as losses, got 1 and 0')
    expect(() => pickLearningRate([1, 1], [1, 2])).toThrow(
      'rates must be positive and rise, got 1 at 1',
    )
    expect(() => pickLearningRate([0, 1], [1, 2])).toThrow('got 0 at 0')
  })
})

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test('the losses are those of a loop with these rates', async () => {
    await useBackend(name)
    const model = smallNet()
    const found = await findLearningRate(model, {
      train: () => [{ x: tensor([train.x[0]!]), y: tensor([train.y[0]!]) }],
      loss: (output, y) => crossEntropy(output, y),
      optimizer: sgd(model.parameters(), { lr: 5 }),
      from: 1e-3,
      to: 1e-1,
      steps: 5,
      smoothing: 0.5,
      ...quiet,
    })
    const byHand = smallNet()
    const optimizer = sgd(byHand.parameters(), { lr: 1 })
    let mean = 0
    for (const [k, row] of found.rows.entries()) {
      const lr = 1e-3 * 100 ** (k / 4)
      expect(row.lr).toBeCloseTo(lr, 12)
      optimizer.groups[0]!.lr = row.lr
      optimizer.zeroGrad()
      const loss = crossEntropy(byHand(tensor([train.x[0]!])), tensor([train.y[0]!]))
      loss.backward()
      optimizer.step()
      expect(row.loss).toBe(loss.itemSync())
      mean = 0.5 * mean + 0.5 * row.loss
      expect(row.smoothed).toBeCloseTo(mean / (1 - 0.5 ** (k + 1)), 12)
    }
    expect(found.rows).toHaveLength(5)
    expect(found.diverged).toBe(false)
  })

  test('on digits it stops when the loss diverges, and suggests rates that train', async () => {
    await useBackend(name)
    const model = smallNet()
    const found = await findLearningRate(model, {
      train,
      optimizer: sgd(model.parameters()),
      from: 1e-4,
      to: 1e3,
      ...quiet,
    })
    expect(found.diverged).toBe(true)
    expect(found.rows.length).toBeLessThan(100)
    for (const lr of [found.steepest, found.minimumOverTen]) {
      const fresh = smallNet()
      const optimizer = sgd(fresh.parameters(), { lr })
      const history = await fit(fresh, { train, optimizer, epochs: 5, ...quiet })
      expect(history.last.trainLoss).toBeLessThan(0.75 * history.rows[0]!.trainLoss)
    }
  })

  test('it leaves no trace: weights, state, schedule, gradients, counts, mode', async () => {
    await useBackend(name)
    const draws = { count: 3 }
    const inner = smallNet()
    const model = defineLayer({
      name: 'counting',
      children: { inner },
      counts: draws,
      forward(x) {
        draws.count += 1
        return inner(x)
      },
    })
    const lr = warmupCosine({ peak: 1e-2, warmup: 5, total: 40 })
    const base = adamw(
      [{ params: inner.parameters().slice(0, 2) }, { params: inner.parameters().slice(2), lr }],
      { lr: 1e-3 },
    )
    const optimizer = lookahead(base)
    await fit(model, { train, optimizer, epochs: 1, ...quiet })
    optimizer.train()
    const state = async () => ({
      model: await model.stateDict(),
      optimizer: await optimizer.stateDict(),
      rates: optimizer.groups.map((group) => group.lr),
      training: model.training,
      draws: draws.count,
    })
    const before = await state()
    await findLearningRate(model, { train, optimizer, steps: 30, ...quiet })
    expect(await state()).toEqual(before)
    expect(weightsOf(model).length).toBe(4)
    expect(inner.parameters().every((param) => param.grad === null)).toBe(true)
  })
})

test('groups keep their ratio', async () => {
  const model = smallNet()
  const [body, head] = [model.parameters().slice(0, 2), model.parameters().slice(2)]
  const optimizer = sgd([{ params: body, lr: 0.001 }, { params: head }], { lr: 0.1 })
  const seen: unknown[][] = []
  await findLearningRate(model, {
    train,
    optimizer,
    from: 1e-3,
    to: 1e-2,
    steps: 2,
    loss: (output, y) => {
      seen.push(optimizer.groups.map(({ lr }) => lr))
      return crossEntropy(output, y)
    },
    ...quiet,
  })
  // The rates of a step are set before its loss is computed.
  expect(seen[0]![1]).toBeCloseTo(0.1, 12)
  expect(seen[1]![0]).toBeCloseTo(0.01, 12)
  expect(optimizer.groups.map(({ lr }) => lr)).toEqual([0.001, 0.1])
})

test('it is put back also when the loss throws', async () => {
  const model = smallNet()
  const before = weightsOf(model)
  let calls = 0
  const loss: typeof crossEntropy = (output, y) => {
    calls += 1
    if (calls === 5) throw new Error('mine')
    return crossEntropy(output, y)
  }
  const optimizer = sgd(model.parameters(), { lr: 0.5 })
  await expect(
    findLearningRate(model, { train, optimizer, loss, from: 0.1, ...quiet }),
  ).rejects.toThrow('mine')
  expect(weightsOf(model)).toEqual(before)
  expect(optimizer.groups[0]!.lr).toBe(0.5)
})

test('in a notebook it is a figure with both rates on it, and words', async () => {
  const model = smallNet()
  const found = await findLearningRate(model, {
    train,
    optimizer: sgd(model.parameters()),
    from: 1e-4,
    to: 1e3,
    ...quiet,
  })
  expect(String(found)).toMatch(
    /^\d+ steps, rates from 0\.0001 to [\d.]+, where the loss diverged\. Where the loss falls fastest: [\d.]+\. A tenth of where it is smallest: [\d.]+\.$/,
  )
  expect(found.plot().data.map(({ name }) => name.replace(/: .*/, ''))).toEqual([
    ...['smoothed loss', 'loss of the batch', 'steepest descent', 'minimum / 10'],
  ])
  expect(await found[displaySymbol]()).toMatchObject({ 'text/plain': String(found) })
})

test('refused', async () => {
  const model = smallNet()
  const optimizer = sgd(model.parameters())
  const run = (more: object) => findLearningRate(model, { train, optimizer, ...quiet, ...more })
  await expect(run({ step: 3 })).rejects.toThrow('there is no option "step"')
  await expect((findLearningRate as (m: unknown) => unknown)(model)).rejects.toThrow('an object')
  const params = [...model.parameters(), parameter([1], { name: 'other' })]
  await expect(run({ optimizer: sgd(params) })).rejects.toThrow(
    'findLearningRate: it gives back the parameters of the model alone, and the optimizer also moves other [1]',
  )
  await expect(run({ loss: () => 1 })).rejects.toThrow('loss must give a tensor, got number')
  await expect(run({ steps: 1 })).rejects.toThrow('steps must be a whole number ≥ 2, got 1')
  await expect(run({ from: 1, to: 0.1 })).rejects.toThrow('to must be > from (1), got 0.1')
  await expect(run({ divergence: 1 })).rejects.toThrow('divergence must be > 1')
  await expect(run({ train: () => [], loss: crossEntropy })).rejects.toThrow('no batch in epoch 0')
  await expect(run({ optimizer: lbfgs([parameter([1])]) })).rejects.toThrow(
    'findLearningRate: lbfgs',
  )
})
