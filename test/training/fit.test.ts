import {
  accuracy,
  adamw,
  batches,
  batchNorm,
  clipGradNorm,
  crossEntropy,
  Dataset,
  dropout,
  ema,
  evaluate,
  type FitOptions,
  fit,
  History,
  l2Penalty,
  lbfgs,
  linear,
  lookahead,
  parameter,
  product,
  reduceOnPlateau,
  relu,
  scheduleFree,
  sequential,
  sgd,
  stagedUnfreeze,
  type Tensor,
  tensor,
  useBackend,
  warmupCosine,
} from 'downhill'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { smallNet, someDigits, timeless, weightsOf } from '../support/fits.js'
import { noHost, shown, useHost } from '../support/host.js'

let data: Awaited<ReturnType<typeof someDigits>>
beforeAll(async () => {
  data = await someDigits()
})
afterEach(() => useBackend('auto'))

const quiet = { progress: false } as const

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  beforeEach(() => useBackend(name))

  test('it is the loop that one would write, bit for bit', async () => {
    const { train, validation } = data
    const lr = warmupCosine({ peak: 1e-2, warmup: 5, total: 40 })
    const limit = 1
    const byHand = smallNet()
    const optimizer = adamw(byHand.parameters(), { lr })
    const losses: number[] = []
    const norms: number[][] = []
    for (let epoch = 0; epoch < 3; epoch++) {
      let sum = 0
      const here: number[] = []
      for (const { x, y } of batches(train, { size: 32, seed: 7, epoch })) {
        optimizer.zeroGrad()
        const loss = crossEntropy(byHand(x), y)
        loss.backward()
        here.push(clipGradNorm(byHand.parameters(), limit).itemSync())
        optimizer.step()
        sum += loss.itemSync() * x.shape[0]!
      }
      losses.push(sum / train.length)
      norms.push(here)
    }
    const model = smallNet()
    const history = await fit(model, {
      train,
      validation,
      optimizer: adamw(model.parameters(), { lr }),
      epochs: 3,
      batchSize: 32,
      seed: 7,
      clip: limit,
      metrics: { accuracy },
      ...quiet,
    })
    expect(weightsOf(model)).toEqual(weightsOf(byHand))
    const tolerance = name === 'simd' ? 5 : 12
    for (const [k, row] of history.rows.entries()) {
      expect(row.trainLoss).toBeCloseTo(losses[k]!, tolerance)
      const all = norms[k]!
      expect(row.gradientNorm).toBeCloseTo(all.reduce((a, b) => a + b) / all.length, tolerance)
      expect(row.maxGradientNorm).toBe(Math.max(...all))
      expect(row.clipped).toBe(all.filter((norm) => norm > limit).length / all.length)
    }
    expect(history.column('step')).toEqual([10, 20, 30])
    expect(history.column('lr')).toEqual([lr(9), lr(19), lr(29)])
    expect(history.rows.some(({ clipped }) => clipped! > 0 && clipped! < 1)).toBe(true)
    const measured = await evaluate(model, validation, { metrics: { accuracy } })
    expect(history.last.validationLoss).toBe(measured.loss)
    expect(history.last.metrics).toEqual(measured.metrics)
    expect(history.stopped).toEqual({
      why: 'epochs',
      epoch: 3,
      step: 30,
      message: 'All 3 epochs are over.',
    })
  })

  test('it learns digits', async () => {
    const { train, validation, test: last } = data
    const model = smallNet(1, 32)
    const optimizer = adamw(model.parameters(), { lr: 1e-2 })
    const history = await fit(model, { train, validation, optimizer, epochs: 12, ...quiet })
    expect(history.last.trainLoss).toBeLessThan(0.05)
    expect(history.rows[0]!.metrics).toEqual({})
    const { metrics } = await evaluate(model, last, { metrics: { accuracy } })
    expect(metrics.accuracy).toBeGreaterThan(0.9)
    expect(model.training).toBe(false)
  })

  test('gradients of several batches are those of a large one', async () => {
    const run = async (batchSize: number, accumulate: number) => {
      const model = smallNet()
      // 300 rows: the last step has 44, and so a batch of 32 and one of 12.
      const optimizer = sgd(model.parameters(), { lr: 0.1 })
      const options = { train: data.train, optimizer, epochs: 2, batchSize, accumulate, ...quiet }
      return { history: await fit(model, options), weights: weightsOf(model).flat() }
    }
    const [large, parts] = [await run(64, 1), await run(32, 2)]
    expect(parts.history.column('step')).toEqual([5, 10])
    const bound = name === 'simd' ? 1e-5 : 1e-13
    for (const [k, weight] of parts.weights.entries())
      expect(Math.abs(weight - large.weights[k]!)).toBeLessThan(bound)
    expect(parts.history.last.trainLoss).toBeCloseTo(large.history.last.trainLoss, 5)
  })

  test('nothing is read back within an epoch', async () => {
    const model = smallNet()
    const { backend } = model.parameters()[0]!
    const reads = [vi.spyOn(backend, 'read'), vi.spyOn(backend, 'readSync')]
    const count = () => reads.reduce((sum, { mock }) => sum + mock.calls.length, 0)
    const seen: number[] = []
    await fit(model, {
      train: data.train,
      loss: (output, y) => {
        seen.push(count())
        return crossEntropy(output, y)
      },
      optimizer: adamw(model.parameters()),
      average: ema(model.parameters()),
      epochs: 2,
      clip: 1,
      ...quiet,
    })
    for (const read of reads) read.mockRestore()
    expect(seen).toHaveLength(20)
    expect(new Set(seen.slice(0, 10))).toEqual(new Set([0]))
    expect(new Set(seen.slice(10)).size).toBe(1)
    expect(seen[10]).toBeGreaterThan(0)
  })

  test('early stopping puts the best weights back', async () => {
    const { validation } = data
    const small = data.train.rows(Array.from({ length: 40 }, (_, k) => k))
    const model = smallNet(1, 32)
    const history = await fit(model, {
      train: small,
      validation,
      optimizer: adamw(model.parameters(), { lr: 0.03 }),
      epochs: 200,
      batchSize: 8,
      earlyStopping: { patience: 3, restoreBest: true },
      ...quiet,
    })
    const best = history.best()
    expect(history.stopped?.why).toBe('earlyStopping')
    expect(history.rows.length).toBe(best.epoch + 3)
    expect(history.stopped?.message).toContain(
      `did not improve for 3 epochs: training stopped after epoch ${best.epoch + 3}`,
    )
    const { loss } = await evaluate(model, validation)
    expect(loss).toBe(best.validationLoss)
  })

  test('averaged weights are measured, and stay in the model', async () => {
    const { train, validation } = data
    const model = smallNet()
    const average = ema(model.parameters(), { decay: 0.9 })
    const optimizer = sgd(model.parameters(), { lr: 0.1 })
    const given = { train, validation, epochs: 2, ...quiet }
    const history = await fit(model, { ...given, optimizer, average })
    expect((await evaluate(model, validation)).loss).toBe(history.last.validationLoss)
    const averaged = weightsOf(model)
    average.restore()
    const plain = smallNet()
    const without = await fit(plain, { ...given, optimizer: sgd(plain.parameters(), { lr: 0.1 }) })
    expect(weightsOf(plain)).toEqual(weightsOf(model))
    expect(averaged).not.toEqual(weightsOf(model))
    expect(without.last.validationLoss).not.toBe(history.last.validationLoss)
    expect(without.last.trainLoss).toBe(history.last.trainLoss)
  })

  test.each([
    ['schedule-free', (model: ReturnType<typeof smallNet>) => scheduleFree(model.parameters())],
    [
      'lookahead',
      (model: ReturnType<typeof smallNet>) => lookahead(sgd(model.parameters(), { lr: 0.1 })),
    ],
  ])('so are those of %s, and a second fit goes on from those that train', async (_, make) => {
    const { train, validation } = data
    const model = smallNet()
    const optimizer = make(model)
    const history = await fit(model, { train, validation, optimizer, epochs: 2, ...quiet })
    expect((await evaluate(model, validation)).loss).toBe(history.last.validationLoss)
    expect(() => optimizer.step()).toThrow('call train() before step()')
    await fit(model, { train, validation, optimizer, epochs: 1, seed: 5, ...quiet })
    expect(optimizer.steps).toBe(30)
  })

  test('a loss that is not finite ends the run, and the history says where', async () => {
    const model = smallNet()
    let calls = 0
    const history = await fit(model, {
      train: data.train,
      validation: data.validation,
      loss: (output, y) => {
        calls += 1
        const value = crossEntropy(output, y)
        // Two batches of validation follow each epoch of 10: this is the 14th step.
        return calls === 15 ? value.mul(Number.NaN) : value
      },
      optimizer: adamw(model.parameters()),
      epochs: 5,
      ...quiet,
    })
    expect(history.rows).toHaveLength(2)
    expect(Number.isFinite(history.rows[0]!.trainLoss)).toBe(true)
    expect(history.last.trainLoss).toBeNaN()
    expect(history.stopped).toMatchObject({ why: 'nonFinite', epoch: 2, step: 14 })
    expect(history.stopped?.message).toBe(
      'The loss was NaN at step 14, in epoch 2: training stopped. Try a learning rate 3 to 10 times smaller, a warmup, or clip: 1; then look at the inputs (standardize them) and at the loss (a class number beyond the model’s outputs gives NaN).',
    )
    expect(history.last.skipped).toBe(7)
  })

  test('of several losses that are not finite the first is told', async () => {
    const model = smallNet()
    let calls = 0
    const history = await fit(model, {
      train: data.train,
      loss: (output, y) => {
        calls += 1
        const odd = [1, Number.POSITIVE_INFINITY, Number.NaN][Math.min(calls - 1, 2)]!
        return crossEntropy(output, y).mul(odd)
      },
      optimizer: sgd(model.parameters(), { lr: 0 }),
      epochs: 1,
      ...quiet,
    })
    expect(history.last.trainLoss).toBe(Number.POSITIVE_INFINITY)
    expect(history.stopped?.message).toMatch('The loss was Infinity at step 2, in epoch 1')
  })

  test('steps whose gradients are not finite can be skipped, and are counted', async () => {
    const model = smallNet()
    const before = weightsOf(model)
    const history = await fit(model, {
      train: data.train,
      // The value is fine, its slope is not.
      loss: (output, y) => crossEntropy(output, y).add(output.sub(output).sum().abs().pow(0.5)),
      optimizer: adamw(model.parameters()),
      epochs: 1,
      clip: { limit: 1, nonFinite: 'skip' },
      ...quiet,
    })
    expect(history.last).toMatchObject({ skipped: 10, step: 10, gradientNorm: Number.NaN })
    expect(weightsOf(model)).toEqual(before)
    expect(history.stopped?.why).toBe('epochs')
  })
})

test('a long run on simd leaves its memory as large as it was', async () => {
  await useBackend('simd')
  const { backend } = tensor(0) as unknown as { backend: { bytes: number } }
  const model = sequential(
    linear(64, 16, { seed: 1 }),
    batchNorm(16),
    relu(),
    dropout(0.2, { seed: 2 }),
    linear(16, 10, { seed: 3 }),
  )
  const sizes: number[] = []
  const small = data.train.rows(Array.from({ length: 100 }, (_, k) => k))
  await fit(model, {
    train: small,
    validation: data.validation,
    optimizer: lookahead(adamw(model.parameters())),
    average: ema(model.parameters()),
    penalty: () => l2Penalty(model.parameters(), 1e-4),
    gradientNoise: { eta: 0.01 },
    epochs: 120,
    batchSize: 10,
    accumulate: 2,
    clip: 1,
    metrics: { accuracy },
    earlyStopping: { patience: 1000, restoreBest: true },
    onEpoch: () => void sizes.push(backend.bytes),
    ...quiet,
  })
  expect(Math.max(...sizes.slice(20))).toBeLessThanOrEqual(Math.max(...sizes.slice(0, 20)))
})

test('on gpu, where reading is asynchronous, it is the run of the reference within float32', async () => {
  const few = data.train.rows(Array.from({ length: 40 }, (_, k) => k))
  const run = async (name: 'reference' | 'gpu:cpu') => {
    await useBackend(name)
    const model = smallNet(1, 8)
    const history = await fit(model, {
      train: few,
      validation: few,
      optimizer: adamw(model.parameters(), { lr: 0.01 }),
      epochs: 2,
      batchSize: 16,
      clip: 1,
      metrics: { accuracy },
      earlyStopping: { restoreBest: true },
      ...quiet,
    })
    return { history, state: await model.stateDict() }
  }
  const [theirs, ours] = [await run('reference'), await run('gpu:cpu')]
  for (const [k, row] of ours.history.rows.entries()) {
    const other = theirs.history.rows[k]!
    for (const name of ['trainLoss', 'validationLoss', 'gradientNorm', 'maxGradientNorm'] as const)
      expect(row[name]).toBeCloseTo(other[name]!, 4)
    expect([row.step, row.metrics, row.clipped]).toEqual([other.step, other.metrics, other.clipped])
  }
  for (const [path, { data: values }] of Object.entries(ours.state))
    for (const [k, value] of values.entries())
      expect(value).toBeCloseTo(theirs.state[path]!.data[k]!, 4)
}, 120_000)

describe('options', () => {
  const tiny = () => data.train.rows(Array.from({ length: 64 }, (_, k) => k))

  const run = async (options: Partial<FitOptions> = {}, seed = 1) => {
    const model = smallNet(seed)
    const optimizer = sgd(model.parameters(), { lr: 0.1 })
    const history = await fit(model, { train: tiny(), optimizer, epochs: 2, ...quiet, ...options })
    return { model, optimizer, history }
  }

  test('the order of the rows depends on the seed alone', async () => {
    const [a, b, c] = [await run({ seed: 3 }), await run({ seed: 3 }), await run({ seed: 4 })]
    expect(timeless(a.history)).toEqual(timeless(b.history))
    expect(weightsOf(a.model)).toEqual(weightsOf(b.model))
    expect(weightsOf(a.model)).not.toEqual(weightsOf(c.model))
  })

  test('a penalty moves the weights, and is not in the loss that is shown', async () => {
    const penalty: FitOptions['penalty'] = (model) => l2Penalty(model.parameters(), 0.1)
    const [without, with_] = [
      await run({ epochs: 1, batchSize: 64 }),
      await run({ epochs: 1, batchSize: 64, penalty }),
    ]
    expect(with_.history.last.trainLoss).toBe(without.history.last.trainLoss)
    const size = (all: number[][]) => Math.hypot(...all.flat())
    expect(size(weightsOf(with_.model))).toBeLessThan(size(weightsOf(without.model)))
    const parts = await run({ epochs: 1, batchSize: 32, accumulate: 2, penalty })
    const [a, b] = [weightsOf(parts.model).flat(), weightsOf(with_.model).flat()]
    expect(Math.max(...a.map((value, k) => Math.abs(value - b[k]!)))).toBeLessThan(1e-5)
  })

  test('noise on the gradients is the same when it is run again', async () => {
    const gradientNoise = { eta: 0.1, seed: 2 }
    const [a, b, c] = [await run({ gradientNoise }), await run({ gradientNoise }), await run()]
    expect(weightsOf(a.model)).toEqual(weightsOf(b.model))
    expect(weightsOf(a.model)).not.toEqual(weightsOf(c.model))
  })

  test('a plateau sees the validation loss, also inside another schedule', async () => {
    for (const inside of [false, true]) {
      const model = smallNet()
      // Nothing is an improvement of more than 1000.
      const plateau = reduceOnPlateau({
        peak: 0.1,
        factor: 0.5,
        patience: 0,
        threshold: 1000,
        relative: false,
      })
      const optimizer = sgd(model.parameters(), { lr: inside ? product(0.1, plateau) : plateau })
      const history = await fit(model, {
        train: tiny(),
        validation: data.validation,
        optimizer,
        epochs: 4,
        ...(inside && { plateau }),
        ...quiet,
      })
      const rates = inside ? [0.01, 0.01, 0.005, 0.0025] : [0.1, 0.1, 0.05, 0.025]
      for (const [k, rate] of history.column('lr').entries())
        expect(rate).toBeCloseTo(rates[k]!, 12)
    }
  })

  test('stages are unfrozen epoch by epoch', async () => {
    const model = smallNet()
    const [body, head] = [model.parameters().slice(0, 2), model.parameters().slice(2)]
    const first = weightsOf(model)
    const moved: boolean[] = []
    const history = await fit(model, {
      train: tiny(),
      optimizer: sgd([{ params: head }, { params: body, lr: 0.01 }], { lr: 0.1 }),
      epochs: 3,
      stages: stagedUnfreeze([head, body], { every: 2 }),
      onEpoch: () => void moved.push(String(weightsOf(model)[0]) !== String(first[0])),
      ...quiet,
    })
    expect(moved).toEqual([false, false, true])
    expect(history.column('stages')).toEqual([1, 1, 2])
    expect(history.last.lr).toEqual([0.1, 0.01])
  })

  test('batches of one’s own: a function of the epoch', async () => {
    const train = tiny()
    const asked: number[] = []
    const own = await run({
      train: (epoch) => {
        asked.push(epoch)
        return batches(train, { size: 32, seed: 0, epoch })
      },
      loss: (output, y) => crossEntropy(output, y),
    })
    expect(asked).toEqual([0, 1])
    expect(weightsOf(own.model)).toEqual(weightsOf((await run()).model))
    await expect(
      run({ train: () => [], loss: (output, y) => crossEntropy(output, y) }),
    ).rejects.toThrow('train gave no batch in epoch 0')
  })

  test('without classes the loss is the mean square', async () => {
    await useBackend('reference')
    const x = Array.from({ length: 50 }, (_, k) => [k / 25 - 1])
    const line = new Dataset({ x, y: x.map(([value]) => 3 * value! + 1) })
    const model = sequential(linear(1, 1, { seed: 1 }))
    const optimizer = sgd(model.parameters(), { lr: 0.1 })
    const history = await fit(model, {
      train: line,
      validation: line,
      optimizer,
      epochs: 60,
      ...quiet,
    })
    expect(history.last.validationLoss).toBeLessThan(1e-6)
    expect(weightsOf(model).flat()[0]).toBeCloseTo(3, 2)
    expect(weightsOf(model).flat()[1]).toBeCloseTo(1, 2)
  })

  test('a signal ends it between two steps', async () => {
    const stop = new AbortController()
    let calls = 0
    const { history, optimizer } = await run({
      signal: stop.signal,
      batchSize: 16,
      loss: (output, y) => {
        calls += 1
        if (calls === 6) stop.abort()
        return crossEntropy(output, y)
      },
    })
    expect(optimizer.steps).toBe(6)
    expect(history.rows).toHaveLength(1)
    expect(history.stopped).toEqual({
      why: 'aborted',
      epoch: 2,
      step: 6,
      message: 'The signal ended the run at step 6, in epoch 2.',
    })
  })

  test('onEpoch sees each row, and the history so far', async () => {
    const seen: number[][] = []
    await run({ onEpoch: (row, history) => void seen.push([row.epoch, history.rows.length]) })
    expect(seen).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  test('a metric without a validation set is measured on the training set', async () => {
    const { history, model } = await run({ metrics: { accuracy } })
    const { metrics } = await evaluate(model, tiny(), { metrics: { accuracy } })
    expect(history.last.metrics).toEqual(metrics)
    expect(history.last).not.toHaveProperty('validationLoss')
  })
})

describe('an optimizer of a part of the model', () => {
  const parts = () => {
    const body = linear(64, 8, { seed: 1 })
    const head = linear(8, 10, { seed: 2 })
    return { model: sequential(body, relu(), head), body, head }
  }

  test('steps as if the rest were frozen: what adds up there is in no norm', async () => {
    const run = async (frozen: boolean) => {
      const { model, body, head } = parts()
      if (frozen) for (const param of body.parameters()) param.requiresGrad = false
      const optimizer = sgd(head.parameters(), { lr: 0.05 })
      const options = { train: data.train, optimizer, epochs: 3, clip: 0.05, ...quiet }
      return { history: await fit(model, options), weights: weightsOf(model), body }
    }
    const [free, frozen] = [await run(false), await run(true)]
    expect(timeless(free.history)).toEqual(timeless(frozen.history))
    expect(free.weights).toEqual(frozen.weights)
  })

  test('one of more than the model is refused where the model alone is kept', async () => {
    const { model } = parts()
    const factor = parameter([1], { name: 'factor' })
    const params = [...model.parameters(), factor]
    const given = () => ({ train: data.train, optimizer: sgd(params), epochs: 1, ...quiet })
    const message = 'the parameters of the model alone, and the optimizer also moves factor [1]'
    const store = new Map<string, Uint8Array>()
    for (const more of [{ checkpoint: { store } }, { earlyStopping: { restoreBest: true } }])
      await expect(fit(model, { ...given(), ...more })).rejects.toThrow(message)
    const loss: FitOptions['loss'] = (output, y) => crossEntropy(output.mul(factor), y)
    await fit(model, { ...given(), loss })
    expect(factor.itemSync()).not.toBe(1)
  })
})

describe('what a loss or a batch cannot be', () => {
  const fitted = (more: object, model = smallNet()) =>
    fit(model, {
      train: data.train,
      optimizer: sgd(model.parameters()),
      epochs: 1,
      ...quiet,
      ...more,
    })

  test.each<[string, object, string]>([
    ['a number', { loss: () => 1 }, 'fit: loss must give a tensor, got number'],
    [
      'a promise',
      { loss: async () => 1 },
      'fit: loss must give a tensor, got a promise; it must not',
    ],
    [
      'one a row',
      { loss: (output: Tensor, y: Tensor) => crossEntropy(output, y, { reduction: 'none' }) },
      'fit: loss must give one number, got tensor [32]',
    ],
    [
      'of no parameter',
      { loss: (_: Tensor, y: Tensor) => y.mean() },
      'fit: the loss depends on no parameter that trains',
    ],
    [
      'batches later',
      { train: async () => [], loss: crossEntropy },
      'got a promise; load the data',
    ],
    ['no batches', { train: () => [1], loss: crossEntropy }, 'each must be { x, y }, two tensors'],
    [
      'lists',
      { train: () => [{ x: [[1]], y: [1] }], loss: crossEntropy },
      'each must be { x, y }, two tensors, got { x, y } of something else',
    ],
    [
      'a metric in words',
      { metrics: { f1: () => 'x' } },
      'metric "f1" must give a number, got str',
    ],
    [
      'a metric later',
      { metrics: { f1: async () => 1 } },
      'metric "f1" must give a number, got a p',
    ],
  ])('%s', async (_, more, message) => {
    await expect(fitted(more)).rejects.toThrow(message)
  })

  test('fewer outputs than classes, which would be NaN', async () => {
    const model = linear(64, 9, { seed: 1 })
    await expect(fitted({}, model)).rejects.toThrow(
      'fit: digits has 10 classes, and the model gives tensor [32, 9] on simd; its last layer must have 10 outputs',
    )
  })
})

describe('refused before anything is computed', () => {
  const model = () => smallNet()
  const given = (more: object = {}) => {
    const net = model()
    return [
      net,
      { train: data.train, optimizer: sgd(net.parameters()), epochs: 1, ...quiet, ...more },
    ] as const
  }

  test.each<[string, object, string]>([
    ['an unknown option', { epoch: 3 }, 'fit: there is no option "epoch"; it takes train,'],
    ['no epochs', { epochs: 0 }, 'fit: epochs must be'],
    ['a batch of half a row', { batchSize: 0.5 }, 'fit: batchSize must be'],
    ['a seed', { seed: -1 }, 'fit: seed must be'],
    ['a limit', { clip: { limit: -1 } }, 'fit: the limit of clip must be'],
    ['data', { train: [[1]] }, 'fit: train must be a Dataset'],
    [
      'a monitor',
      { monitor: 'f1' },
      'fit: monitor must be trainLoss, gradientNorm or maxGradientNorm, got "f1"',
    ],
    [
      'what is not validated',
      { monitor: 'validationLoss' },
      'got "validationLoss"; there is no validation set',
    ],
    ['a loss by its name', { loss: 'mse' }, 'fit: loss must be a function, got string'],
    ['stages', { stages: 3 }, 'fit: stages must be a function, got number'],
    ['no limit', { clip: null }, 'fit: the limit of clip must be a number, got null'],
    ['a metric alone', { metrics: accuracy }, 'metrics must be functions by name'],
    ['names of metrics', { metrics: ['accuracy'] }, 'fit: metrics must be functions by name'],
    [
      'the average of another model',
      { average: ema(smallNet().parameters()) },
      'fit: average must be one of the parameters of this model',
    ],
    ['no average', { average: true }, 'fit: average must be one of'],
    ['no store', { checkpoint: { store: {} } }, 'must have get(key) and set(key, bytes)'],
    [
      'a path to nowhere',
      { checkpoint: { path: '/no/such/folder/run.checkpoint' } },
      'checkpoint: /no/such/folder/run.checkpoint cannot be written: its folder is not there',
    ],
    ['resume of nothing', { resume: true }, 'fit: resume needs a checkpoint'],
    ['a checkpoint nowhere', { checkpoint: {} }, 'either a path, or a store'],
    ['a patience', { earlyStopping: { patience: 0 } }, 'earlyStopping: patience must be'],
    [
      'a metric without a direction',
      { metrics: { f1: () => 1 }, earlyStopping: { monitor: 'f1' } },
      'fit: earlyStopping: it watches "f1"; say whether more of it is better',
    ],
    ['an optimizer', { optimizer: {} }, 'fit: optimizer must be one, such as adamw'],
    ['batches without a loss', { train: () => [] }, 'fit: loss is missing'],
  ])('%s', async (_, more, message) => {
    const [net, options] = given(more)
    const before = weightsOf(net)
    await expect(fit(net, options as FitOptions)).rejects.toThrow(message)
    expect(weightsOf(net)).toEqual(before)
  })

  test('lbfgs, with the reason and the way out', async () => {
    const net = smallNet()
    const options = { train: data.train, optimizer: lbfgs(net.parameters()) as never, epochs: 1 }
    await expect(fit(net, options)).rejects.toThrow(
      'fit: lbfgs evaluates its loss many times within a step, over the same data, and fit gives it one batch after the other; write the loop',
    )
  })

  test('an optimizer of another model, which would train nothing', async () => {
    const options = { train: data.train, optimizer: sgd(smallNet().parameters()), epochs: 1 }
    await expect(fit(smallNet(), options)).rejects.toThrow(
      "fit: the optimizer has none of the model's parameters: was the model made anew?",
    )
  })

  test('a model without parameters', async () => {
    const options = { train: data.train, optimizer: sgd([parameter([1])]), epochs: 1 }
    await expect(fit(relu(), options)).rejects.toThrow('the model has no parameters to train')
  })

  test('a plateau that takes better for worse', async () => {
    const net = smallNet()
    const plateau = reduceOnPlateau({ peak: 0.1, mode: 'max' })
    const options = { ...data, optimizer: sgd(net.parameters(), { lr: plateau }), epochs: 1 }
    const { test: _, ...given } = options
    await expect(fit(net, given)).rejects.toThrow(
      'fit: reduceOnPlateau has mode "max", and less of validationLoss is better: give it mode: \'min\'',
    )
    const more = { ...given, metrics: { accuracy }, monitor: 'accuracy', ...quiet }
    expect((await fit(net, more)).rows).toHaveLength(1)
  })

  test('what is no model', async () => {
    const w = parameter([1])
    const options = { train: data.train, optimizer: sgd([w]), epochs: 1 }
    await expect(fit((() => tensor(1)) as never, options)).rejects.toThrow(
      'fit: the model must be a layer, such as sequential(',
    )
  })
})

describe('shown while it runs', () => {
  beforeEach(() => useHost())
  afterEach(noHost)

  test('one bar with the time left, and one figure that grows', async () => {
    const net = smallNet()
    const history = await fit(net, {
      train: data.train,
      optimizer: sgd(net.parameters()),
      epochs: 3,
    })
    const bundles = await Promise.all(shown.map(({ bundle }) => bundle))
    // A promised figure could come after the next one: only what is drawn is shown.
    expect(bundles).toEqual(shown.map(({ bundle }) => bundle))
    const plotly = shown.filter((_, k) => 'application/vnd.plotly.v1+json' in bundles[k]!)
    const bars = shown.filter((_, k) => String(bundles[k]!['text/html']).includes('<progress'))
    expect(plotly.length + bars.length).toBe(shown.length)
    for (const all of [plotly, bars]) {
      expect(new Set(all.map(({ id }) => id)).size).toBe(1)
      expect(all.map(({ update }) => update ?? false)).toEqual(all.map((_, k) => k > 0))
    }
    const last = (await plotly.at(-1)!.bundle)['application/vnd.plotly.v1+json'] as {
      data: { y: number[] }[]
    }
    expect(last.data[0]!.y).toEqual(history.column('trainLoss'))
    expect((await bars.at(-1)!.bundle)['text/plain']).toMatch(/^training: 30 of 30, .*took/)
  })

  test('the bar ends when the run throws', async () => {
    const net = smallNet()
    const loss = () => {
      throw new Error('mine')
    }
    const options = { train: data.train, optimizer: sgd(net.parameters()), epochs: 3, loss }
    await expect(fit(net, options)).rejects.toThrow('mine')
    expect((await shown.at(-1)!.bundle)['text/plain']).toContain('took')
  })

  test('nothing with progress: false', async () => {
    const net = smallNet()
    const options = { train: data.train, optimizer: sgd(net.parameters()), epochs: 1, ...quiet }
    expect(await fit(net, options)).toBeInstanceOf(History)
    expect(shown).toEqual([])
  })
})
