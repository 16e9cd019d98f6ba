import { crossEntropy } from '../nn/losses/crossEntropy.js'
import { Tensor } from '../nn/tensor.js'
import type { TrainingData } from './data.js'

/** The mean loss of a batch: of what the model gave, and what was to be predicted. */
export type Loss = (output: Tensor, y: Tensor) => Tensor

/** [rows, 1] − [rows] would be a matrix of all differences. */
const meanSquare: Loss = (output, y) => {
  if (output.size !== y.size)
    throw new RangeError(
      `mse: ${output} and ${y} must have as many values; give fit a loss of its own`,
    )
  const target = new Tensor(y.backend, y.array, output.shape)
  return output.sub(target).square().mean()
}

/** The loss that fits a data set: cross entropy where there are classes, else the mean squared error. */
export function defaultLoss(owner: string, data: TrainingData): Loss {
  if (typeof data === 'function')
    throw new TypeError(
      `${owner}: loss is missing: batches do not say whether y is a class; loss: (output, y) => crossEntropy(output, y)`,
    )
  return data.classes.length > 0 ? (output, y) => crossEntropy(output, y) : meanSquare
}
