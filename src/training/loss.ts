import { crossEntropy } from '../nn/losses/crossEntropy.js'
import { mse } from '../nn/losses/regression.js'
import { Tensor } from '../nn/tensor.js'
import type { TrainingData } from './data.js'

/** The mean loss of a batch: of what the model gave, and what was to be predicted. */
export type Loss = (output: Tensor, y: Tensor) => Tensor

/** The loss that fits a data set: cross entropy where there are classes, else the mean squared error. */
export function defaultLoss(owner: string, data: TrainingData): Loss {
  if (typeof data === 'function')
    throw new TypeError(
      `${owner}: loss is missing: batches do not say whether y is a class; loss: crossEntropy, or loss: mse`,
    )
  const { length } = data.classes
  if (length > 0)
    return (output, y) => {
      if ((output.shape.at(-1) ?? 1) < length)
        throw new RangeError(
          `${owner}: ${data.name} has ${length} classes, and the model gives ${output}; its last layer must have ${length} outputs, one a class`,
        )
      return crossEntropy(output, y)
    }
  // A model gives [rows, 1], a data set has [rows].
  return (output, y) => mse(output, output.size === y.size ? y.reshape(output.shape) : y)
}

/** Refuses what no step can be made of. */
export function checkLoss(owner: string, value: Tensor): Tensor {
  if (!((value as unknown) instanceof Tensor))
    throw new TypeError(
      `${owner}: loss must give a tensor, got ${(value as unknown) instanceof Promise ? 'a promise; it must not be async' : typeof value}; write loss: (output, y) => crossEntropy(output, y)`,
    )
  if (value.size !== 1)
    throw new RangeError(`${owner}: loss must give one number, got ${value}; take its mean()`)
  if (!value.requiresGrad)
    throw new RangeError(
      `${owner}: the loss depends on no parameter that trains; unfreeze one, and compute it from the model's output, outside of noGrad`,
    )
  return value
}
