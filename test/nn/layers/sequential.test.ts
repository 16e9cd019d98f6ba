import {
  adamw,
  clipGradNorm,
  crossEntropy,
  linear,
  noGrad,
  parameter,
  relu,
  sequential,
  type Tensor,
  tensor,
  useBackend,
} from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'
import { openBackend } from '../../../src/backend/use.js'
import { expectSlopes, someNumbers } from '../../support/slopes.js'

afterEach(() => useBackend('reference'))

/** The bytes that arrays on simd have needed at once. */
const bytes = async () => ((await openBackend('simd')) as unknown as { bytes: number }).bytes

test('names its parameters as PyTorch does, shared ones once', () => {
  const shared = linear(2, 2)
  const model = sequential(
    shared,
    relu(),
    sequential({ body: linear(2, 3), out: linear(3, 2) }),
    shared,
  )
  expect(Object.keys(model.namedParameters())).toEqual([
    '0.weight',
    '0.bias',
    '2.body.weight',
    '2.body.bias',
    '2.out.weight',
    '2.out.bias',
  ])
  expect(model.parameters()).toHaveLength(6)
  expect(model.name).toBe(
    'sequential(linear(2, 2), relu(), sequential(linear(2, 3), linear(3, 2)), linear(2, 2))',
  )
  expect(Object.keys(model.children)).toEqual(['0', '1', '2', '3'])
})

test('train and evaluate reach all children', () => {
  const model = sequential(linear(1, 1), sequential(relu()))
  const modes = () =>
    [model, ...Object.values(model.children), model.children[1]!.children[0]!].map(
      ({ training }) => training,
    )
  expect(modes()).toEqual([true, true, true, true])
  model.evaluate()
  expect(modes()).toEqual([false, false, false, false])
  model.train()
  expect(modes()).toEqual([true, true, true, true])
})

test('fused or one by one, the result and the slopes are the same', () => {
  const [first, last] = [linear(3, 4, { seed: 1 }), linear(4, 2, { seed: 2 })]
  const fused = sequential(first, relu(), last, relu())
  const single = (x: Tensor) =>
    [first, relu(), last, relu()].reduce((value, layer) => layer(value), x)
  const x = tensor(someNumbers(15, 3), { shape: [5, 3] })
  expect([...fused(x).dataSync()]).toEqual([...single(x).dataSync()])
  expectSlopes(fused, [[5, 3]])
  const gradients = (model: (x: Tensor) => Tensor) => {
    for (const p of fused.parameters()) p.grad = null
    model(x).square().sum().backward()
    return fused.parameters().map((p) => [...p.grad!.dataSync()])
  }
  expect(gradients(fused)).toEqual(gradients(single))
})

test('functions stand for layers; they may keep what they are given', async () => {
  await useBackend('simd')
  const kept: Tensor[] = []
  const model = sequential(
    linear(2, 3, { seed: 1 }),
    (x) => {
      kept.push(x)
      return x.square()
    },
    linear(3, 1, { seed: 2 }),
  )
  model(tensor([[1, 2]]))
    .sum()
    .backward()
  expect((await kept[0]!.data()).length).toBe(3)
})

test('refuses what is no layer, and names with dots', () => {
  expect(() => sequential('relu' as never)).toThrow(
    new TypeError(
      "sequential: layer 0 must be a layer or a function of a tensor, got string; write relu(), not 'relu'",
    ),
  )
  expect(() => sequential({ head: 3 as never })).toThrow('sequential: "head" must be a layer')
  expect(() => sequential({ 'a.b': relu() })).toThrow(
    'sequential: a name must not be empty or have a dot, got "a.b"',
  )
})

describe('state', () => {
  const model = () => sequential({ body: linear(2, 3), head: linear(3, 1) })

  test('goes through JSON into another model', async () => {
    const [a, b] = [model(), model()]
    const x = tensor([[1, 2]])
    expect(a(x).itemSync()).not.toBe(b(x).itemSync())
    b.loadStateDict(JSON.parse(JSON.stringify(await a.stateDict())))
    expect(a(x).itemSync()).toBe(b(x).itemSync())
    expect((await a.stateDict())['body.weight']!.shape).toEqual([3, 2])
  })

  test.each<[string, (state: Record<string, { shape: number[]; data: unknown }>) => void, string]>([
    [
      'a missing tensor',
      (state) => {
        delete state['head.bias']
      },
      'it has no head.bias',
    ],
    [
      'one too many',
      (state) => {
        state.extra = { shape: [], data: [1] }
      },
      'it has extra, which is not here',
    ],
    [
      'another shape',
      (state) => {
        state['body.weight']!.shape = [2, 3]
      },
      'body.weight has shape [2,3] there, [3, 2] here',
    ],
    [
      'too few numbers',
      (state) => {
        state['head.weight']!.data = [1]
      },
      'head.weight must be 3 numbers',
    ],
    [
      'no numbers',
      (state) => {
        state['head.weight']!.data = [1, 2, '3']
      },
      'head.weight must be 3 numbers',
    ],
  ])('refuses %s, and changes nothing', async (_, spoil, message) => {
    const a = model()
    const before = await a.stateDict()
    const state = JSON.parse(JSON.stringify(await model().stateDict()))
    spoil(state)
    expect(() => a.loadStateDict(state)).toThrow(`${a.name}: this state does not fit: ${message}`)
    expect(await a.stateDict()).toEqual(before)
  })
})

describe('10,000 steps on simd', () => {
  const train = (steps: number, between: (model: ReturnType<typeof sequential>) => void) => {
    const model = sequential(
      linear(10, 32, { seed: 1 }),
      relu(),
      linear(32, 20, { seed: 2 }),
      relu(),
      linear(20, 4, { seed: 3 }),
    )
    const optimizer = adamw(model.parameters(), { lr: 1e-3 })
    const step = (k: number) => {
      const x = tensor(someNumbers(160, k), { shape: [16, 10] })
      const y = tensor(Array.from({ length: 16 }, (_, i) => (i + k) % 4))
      optimizer.zeroGrad()
      crossEntropy(model(x), y).backward()
      clipGradNorm(model.parameters(), 1)
      optimizer.step()
      between(model)
    }
    return {
      model,
      run: () => {
        for (let k = 0; k < steps; k++) step(k)
      },
    }
  }

  test.each<[string, (model: ReturnType<typeof sequential>) => void]>([
    ['leave the memory as large as it was', () => {}],
    [
      'and evaluations in between too',
      (model) =>
        void noGrad(() =>
          model(tensor(someNumbers(60, 1), { shape: [6, 10] }))
            .max(1)
            .mean(),
        ),
    ],
  ])(
    '%s',
    async (_, between) => {
      await useBackend('simd')
      train(20, between).run()
      const { run } = train(10_000, between)
      const before = await bytes()
      run()
      // The model itself, and its gradients and state: under 64 KiB.
      expect((await bytes()) - before).toBeLessThan(2 ** 16)
    },
    120_000,
  )

  test('the same seeds give the same numbers, run after run', async () => {
    await useBackend('simd')
    const runs = []
    for (let k = 0; k < 2; k++) {
      const { model, run } = train(50, () => {})
      run()
      runs.push(await model.stateDict())
    }
    expect(runs[0]).toEqual(runs[1])
  })
})

test('a step between forward and backward leaves the gradient as it was', async () => {
  for (const name of ['reference', 'simd'] as const) {
    await useBackend(name)
    const gradients = (step: boolean) => {
      const model = sequential(linear(3, 4, { seed: 1 }), relu(), linear(4, 2, { seed: 2 }))
      const loss = crossEntropy(
        model(
          tensor([
            [1, 2, 3],
            [3, 1, 2],
          ]),
        ),
        tensor([0, 1]),
      )
      if (step) {
        for (const p of model.parameters())
          p.grad = parameter(new Array(p.size).fill(1), { shape: p.shape, requiresGrad: false })
        const optimizer = adamw(model.parameters(), { lr: 0.1 })
        optimizer.step()
        optimizer.zeroGrad()
      }
      loss.backward()
      return model.parameters().map((p) => [...p.grad!.dataSync()])
    }
    expect(gradients(true)).toEqual(gradients(false))
  }
})
