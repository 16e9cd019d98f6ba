import { crossEntropy } from '../nn/losses/crossEntropy.js'
import { mse } from '../nn/losses/regression.js'
import type { Tensor } from '../nn/tensor.js'
import type { TrainingData } from './data.js'

/** The mean loss of a batch: of what the model gave, and what was to be predicted. */
export type Loss = (output: Tensor, y: Tensor) => Tensor

/** The loss that fits a data set: cross entropy where there are classes, else the mean squared error. */
export function defaultLoss(owner: string, data: TrainingData): Loss {
  if (typeof data === 'function')
    throw new TypeError(
      `${owner}: loss is missing: batches do not say whether y is a class; loss: crossEntropy, or loss: mse`,
    )
  if (data.classes.length > 0) return (output, y) => crossEntropy(output, y)
  // A model gives [rows, 1], a data set has [rows].
  return (output, y) => mse(output, output.size === y.size ? y.reshape(output.shape) : y)
}
