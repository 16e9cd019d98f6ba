import { batchNorm, sequential, tensor, updateBatchNorm } from 'downhill'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../../support/golden.js'
import type { Matrix } from '../../support/layers.js'

test.each(goldenCases('averaging', 'nn/layers/updateBatchNorm'))(
  'PyTorch: $id',
  async (fixture) => {
    const model = sequential(batchNorm(3))
    const batches = (fixture.batches as Matrix[]).map(({ data, shape }) => tensor(data, { shape }))
    model(
      tensor([
        [9, 9, 9],
        [1, 2, 3],
      ]),
    )
    model.evaluate()
    await updateBatchNorm(model, batches)
    const state = await model.stateDict()
    for (const [name, ours] of [
      ['running_mean', '0.runningMean'],
      ['running_var', '0.runningVar'],
    ] as const)
      expectGolden(state[ours]!.data, (fixture[name] as Matrix).data, fixture.tol, name)
    expect(state['0.numBatchesTracked']!.data).toEqual([batches.length])
    expect([model.training, model.children[0]!.training]).toEqual([false, false])
  },
)

test('afterwards a batch counts as before', async () => {
  const model = batchNorm(1, { momentum: 0.5 })
  await updateBatchNorm(model, [tensor([[1], [3]])])
  model(tensor([[5], [7]]))
  const { runningMean, runningVar } = await model.stateDict()
  expect([runningMean!.data, runningVar!.data]).toEqual([[4], [2]])
})
