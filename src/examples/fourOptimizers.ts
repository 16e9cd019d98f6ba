import { batches } from '../data/batches.js'
import type { Dataset } from '../data/dataset.js'
import { digits } from '../data/digits.js'
import { split } from '../data/split.js'
import { tensor } from '../nn/create.js'
import type { Layer } from '../nn/layer.js'
import { relu } from '../nn/layers/activations.js'
import { sequential } from '../nn/layers/sequential.js'
import { linear } from '../nn/linear.js'
import { crossEntropy } from '../nn/losses/crossEntropy.js'
import { noGrad } from '../nn/noGrad.js'
import { initialize } from '../nn/seed.js'
import type { Tensor } from '../nn/tensor.js'
import { adam } from '../optimizers/adam.js'
import { rmsprop } from '../optimizers/rmsprop.js'
import { sgd } from '../optimizers/sgd.js'

/** Options of `fourOptimizers`. */
export interface FourOptimizers {
  /** Epochs of the walks that are shown. */
  epochs?: number
  /** Epochs that each learning rate is tried for. */
  tuningEpochs?: number
  /** The learning rates that each is tried with, in rising order. */
  rates?: Readonly<Record<OptimizerName, readonly number[]>>
  /** How many pictures of the digits are used: 0 for all. */
  rows?: number
  hidden?: number
  batch?: number
  seed?: number
}

/** The optimizers of W8. */
export type OptimizerName = 'sgd' | 'momentum' | 'rmsprop' | 'adam'

/** One optimizer with the rate that suited it best, and what the loss was after each epoch. */
export interface TunedWalk {
  name: OptimizerName
  lr: number
  /** Validation loss after the tuning epochs, for each rate. */
  tried: { lr: number; loss: number }[]
  /** Mean training loss of each epoch. */
  train: number[]
  /** Validation loss after each epoch. */
  validation: number[]
}

const makers = {
  sgd: (params: Tensor[], lr: number) => sgd(params, { lr }),
  momentum: (params: Tensor[], lr: number) => sgd(params, { lr, momentum: 0.9 }),
  rmsprop: (params: Tensor[], lr: number) => rmsprop(params, { lr }),
  adam: (params: Tensor[], lr: number) => adam(params, { lr }),
}

/** Half decades; wide enough that the best is not at an end. */
const halfDecades = {
  sgd: [0.01, 0.03, 0.1, 0.3, 1, 3],
  momentum: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
  rmsprop: [1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1],
  adam: [1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1],
} as const

/** Ink from 0 to 1. */
const scaled = ({ x, y }: Dataset): Pick<Dataset, 'x' | 'y'> => ({
  x: x.map((row) => row.map((ink) => ink / 16)),
  y,
})

/**
 * Worked example W8: gradient descent, momentum, RMSprop and Adam train one network, from the same weights, over the same batches of real data (digits).
 * To be fair each gets its own learning rate: the one with the smallest validation loss after a few epochs.
 * @throws RangeError for an option out of its range
 * @example
 * const walks = await fourOptimizers({ rows: 200, epochs: 2, tuningEpochs: 1 })
 * walks.map(({ name }) => name) // ['sgd', 'momentum', 'rmsprop', 'adam']
 */
export async function fourOptimizers({
  epochs = 15,
  tuningEpochs = 3,
  rates = halfDecades,
  rows = 0,
  hidden = 32,
  batch = 32,
  seed = 0,
}: FourOptimizers = {}): Promise<TunedWalk[]> {
  const all = await digits()
  const part = rows > 0 ? split(all, { train: rows, seed }).train : all
  const parts = split(part, { test: 0.2, seed })
  const [training, validation] = [scaled(parts.train), scaled(parts.test)]
  const [x, y] = [tensor(validation.x), tensor(validation.y)]
  const model = sequential(linear(64, hidden), relu(), linear(hidden, 10))
  const walk = async (name: OptimizerName, lr: number, length: number) => {
    initialize(model, { seed })
    const optimizer = makers[name](model.parameters(), lr)
    const losses = { train: [] as number[], validation: [] as number[] }
    for (let epoch = 0; epoch < length; epoch++) {
      const steps = batches(training, { size: batch, seed, epoch })
      losses.train.push(await trainEpoch(model, optimizer, steps))
      losses.validation.push(await noGrad(() => crossEntropy(model(x), y)).item())
    }
    return losses
  }
  const walks: TunedWalk[] = []
  for (const name of Object.keys(makers) as OptimizerName[]) {
    const tried: TunedWalk['tried'] = []
    for (const lr of rates[name])
      tried.push({ lr, loss: (await walk(name, lr, tuningEpochs)).validation.at(-1)! })
    // A loss that is not a number is worse than any.
    const { lr } = tried.reduce((best, one) =>
      one.loss < best.loss || Number.isNaN(best.loss) ? one : best,
    )
    walks.push({ name, lr, tried, ...(await walk(name, lr, epochs)) })
  }
  return walks
}

/** What the loop needs of an optimizer. */
interface Trained {
  zeroGrad(): void
  step(): void
}

/** One epoch; the mean of its losses, read once. */
async function trainEpoch(
  model: Layer,
  optimizer: Trained,
  steps: Iterable<{ x: Tensor; y: Tensor }> & { length: number },
): Promise<number> {
  const losses: Tensor[] = []
  for (const { x, y } of steps) {
    optimizer.zeroGrad()
    const loss = crossEntropy(model(x), y)
    loss.backward()
    optimizer.step()
    losses.push(loss)
  }
  const values = await Promise.all(losses.map((loss) => loss.item()))
  return values.reduce((sum, value) => sum + value, 0) / losses.length
}
