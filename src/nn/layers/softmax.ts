import type { Layer } from '../layer.js'
import { logSoftmaxOf, softmaxOf } from '../softmax.js'
import { stateless } from './stateless.js'

/**
 * Shares that sum to 1: e^xᵢ / Σ e^xⱼ along an axis. The largest is taken from all first, so nothing overflows.
 * Source    torch.nn.Softmax.
 * Differs   `crossEntropy` takes logits: there is no softmax before it.
 * Defaults  the last axis.   Tests  test/nn/layers/softmax.test.ts
 * @throws RangeError, when called, if there is no such axis
 * @example  (await softmax()(tensor([0, 0])).data()) // [0.5, 0.5]
 */
export const softmax = ({ axis = -1 }: { axis?: number } = {}): Layer =>
  stateless(`softmax(${axis})`, (x) => softmaxOf(x, axis))

/**
 * The logarithm of `softmax`, exact also where a share is nearly 0. What `nll` takes.
 * Source    torch.nn.LogSoftmax.
 * Defaults  the last axis.   Tests  test/nn/layers/softmax.test.ts
 * @throws RangeError, when called, if there is no such axis
 * @example  nll(logSoftmax()(logits), tensor([0, 1])).backward() // crossEntropy, in two steps
 */
export const logSoftmax = ({ axis = -1 }: { axis?: number } = {}): Layer =>
  stateless(`logSoftmax(${axis})`, (x) => logSoftmaxOf(x, axis))
