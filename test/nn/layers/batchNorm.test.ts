import { adamw, batchNorm, linear, relu, sequential, tensor, useBackend } from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'
import { openBackend } from '../../../src/backend/use.js'
import { goldenCases } from '../../support/golden.js'
import { expectLayer, type Matrix } from '../../support/layers.js'
import { expectSlopes, someNumbers } from '../../support/slopes.js'

afterEach(() => useBackend('reference'))

const cases = goldenCases('layers', 'nn/layers/batchNorm')

interface Args {
  momentum?: number | null
  eps?: number
  affine?: boolean
  track_running_stats?: boolean
}

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  // The fixtures state what two batches leave, also for the first of the two: see below.
  test.each(cases.filter(({ error, id }) => !error && !/_1$/.test(id)))(
    'PyTorch: $id',
    (fixture) => {
      const { track_running_stats, ...options } = fixture.args as Args
      return expectLayer(name, fixture, () =>
        batchNorm((fixture.x as Matrix).shape[1]!, {
          ...options,
          ...(track_running_stats !== undefined && { trackRunningStats: track_running_stats }),
        }),
      )
    },
  )

  test.each(cases.filter(({ id }) => /_1$/.test(id)))(
    'PyTorch: $id, and the batch after it',
    async (fixture) => {
      const second = cases.find(({ id }) => id === fixture.id.replace(/1$/, '2'))!
      await expectLayer(name, { ...fixture, buffers_after: second.params }, () =>
        batchNorm(3, fixture.args as Args),
      )
    },
  )
})

test('PyTorch: batchnorm_batch_of_one', () => {
  expect(cases.find(({ error }) => error)!.error).toContain('[1, 3]')
  expect(() => batchNorm(3)(tensor([[1, 2, 3]]))).toThrow(
    new RangeError(
      'batchNorm(3): training needs more than one value a channel, got tensor [1, 3] on reference; take a larger batch, or evaluate()',
    ),
  )
})

test.each([[[4, 2]], [[2, 3, 4]], [[1, 2, 3]], [[2, 2, 2, 3]]])(
  'slopes of %j, in both modes',
  (shape) => {
    for (const affine of [true, false])
      for (const training of [true, false]) {
        const layer = batchNorm(shape[1]!, { affine })
        if (!training) layer.evaluate()
        const state = Object.entries(layer.namedParameters())
        for (const [k, [, param]] of state.entries())
          param.replace(param.backend.write(someNumbers(param.size, k + 3, 0.5, 2)))
        expectSlopes(layer, [shape], { tol: 1e-5 })
      }
  },
)

test('in evaluation a step of training in between leaves the gradient as it was', () => {
  const gradient = (between: boolean) => {
    const layer = batchNorm(2)
    layer(
      tensor([
        [1, 2],
        [3, 5],
      ]),
    )
    layer.evaluate()
    const x = tensor([[1, 2]], { requiresGrad: true })
    const loss = layer(x).square().sum()
    if (between) {
      layer.train()
      layer(
        tensor([
          [7, 2],
          [3, 9],
        ]),
      )
    }
    loss.backward()
    return [...x.grad!.dataSync()]
  }
  expect(gradient(true)).toEqual(gradient(false))
})

test('3,000 steps on simd leave the memory as large as it was', async () => {
  await useBackend('simd')
  const bytes = async () => ((await openBackend('simd')) as unknown as { bytes: number }).bytes
  const model = sequential(
    linear(10, 32, { seed: 1 }),
    batchNorm(32),
    relu(),
    linear(32, 2, { seed: 2 }),
  )
  const optimizer = adamw(model.parameters())
  const step = (k: number) => {
    optimizer.zeroGrad()
    model(tensor(someNumbers(160, k), { shape: [16, 10] }))
      .square()
      .mean()
      .backward()
    optimizer.step()
  }
  for (let k = 0; k < 20; k++) step(k)
  const before = await bytes()
  for (let k = 0; k < 3000; k++) step(k)
  expect((await bytes()) - before).toBe(0)
}, 60_000)

test('refuses other channels, and options out of range', () => {
  expect(() => batchNorm(3)(tensor([[1, 2]]))).toThrow(
    'batchNorm(3): its input must be [n, 3] or [n, 3, …], got tensor [1, 2] on reference',
  )
  expect(() => batchNorm(3, { momentum: 2 })).toThrow(
    'batchNorm: momentum must be in [0, 1], got 2',
  )
  expect(() => batchNorm(3, { eps: 0 })).toThrow('batchNorm: eps must be > 0, got 0')
})
