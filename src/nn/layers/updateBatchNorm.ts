import { type Layer, layersOf } from '../layer.js'
import { noGrad } from '../noGrad.js'
import type { Tensor } from '../tensor.js'
import { batchStatistics } from './batchNorm.js'

/**
 * Computes the running statistics of a model's batch norms anew, as the plain mean over the batches: to be called when its weights were replaced by
 * averaged ones (`swa`, `ema`), which have other statistics than the weights that they were averaged from.
 * Source    torch.optim.swa_utils.update_bn.   Tests  test/nn/layers/updateBatchNorm.test.ts
 * @example
 * const model = sequential(linear(2, 3), batchNorm(3))
 * const average = swa(model.parameters())
 * average.update()
 * average.apply()
 * await updateBatchNorm(model, [tensor([[1, 2], [3, 4]])])
 */
export async function updateBatchNorm(
  model: Layer,
  inputs: Iterable<Tensor> | AsyncIterable<Tensor>,
): Promise<void> {
  const all = [...layersOf(model).keys()]
  const kept = all.map(batchStatistics).filter((one) => one !== undefined)
  const modes = all.map(({ training }) => training)
  for (const one of kept) one.restart(true)
  model.train()
  try {
    for await (const x of inputs) noGrad(() => void model(x))
  } finally {
    for (const one of kept) one.resume()
    if (!modes[0]) model.evaluate()
  }
}
