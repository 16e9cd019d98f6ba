import { withoutRecording } from './recording.js'
import { Tensor } from './tensor.js'

/**
 * Computes without recording: results need no gradient, and what `compute` made is put out of the way when it returns, but for the tensors that it returns
 * (itself, or in lists and plain objects). A validation pass belongs in it. Whoever holds one of the others can still read it.
 * Differs   PyTorch's no_grad leaves freeing to reference counts, which JavaScript has not.
 * Tests     test/nn/noGrad.test.ts
 * @throws TypeError if `compute` is async: compute inside, await outside
 * @example
 * const total = noGrad(() => w.square().sum())
 * total.requiresGrad // false
 */
export const noGrad = <Result>(compute: () => Result): Result =>
  withoutRecording(compute, (value) => value instanceof Tensor)
