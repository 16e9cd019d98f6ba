import type { Backend, DeviceArray } from '../backend/backend.js'
import { backward, type Origin } from './backward.js'
import { combine, each, eachByResult, type Pairwise, pairwise, withNumber } from './elementwise.js'
import { GradientSlot } from './gradient.js'
import { hold } from './held.js'
import { matmul } from './matmul.js'
import { isRecording, noteMade } from './recording.js'
import { max, mean, type ReduceOptions, sum } from './reductions.js'
import { permute, reshape, slice, take, transpose } from './shape.js'
import { logSoftmaxOf, softmaxOf } from './softmax.js'
import { Values } from './values.js'

/** Options of `tensor` and `parameter`. */
export interface TensorOptions {
  /** Shown in messages: `parameter([1, 2], { name: 'w' })`. */
  name?: string
  requiresGrad?: boolean
}

/**
 * Numbers of a given shape on one backend: float64 on `reference`, float32 on `simd` and `gpu`.
 * Operations are recorded, so that `backward()` of a scalar result fills `grad` of every parameter it came from.
 */
export class Tensor extends Values {
  readonly name: string
  /** False freezes a parameter: it gets no gradient, and optimizers leave it and its state alone. */
  requiresGrad: boolean
  /** Filled by `backward()`, added to on the next; null until then and after `zeroGrad()`. */
  get grad(): Tensor | null {
    return this.slot.show()
  }
  /** Gives a gradient of one's own, or null to forget it. */
  set grad(value: Tensor | null) {
    this.slot.put(value, true)
  }

  /** @internal Where the gradient is, perhaps with a factor that it is not multiplied by yet. */
  readonly slot = new GradientSlot()
  /** @internal */
  origin: Origin | 'spent' | undefined
  /** @internal Only a graph still needs its array. */
  discarded = false

  /** @internal Use `parameter` or `tensor`. */
  constructor(
    backend: Backend,
    array: DeviceArray,
    shape: readonly number[],
    { name = '', requiresGrad = false }: TensorOptions = {},
    origin?: Origin,
  ) {
    super(backend, array, shape)
    this.name = name
    this.requiresGrad = requiresGrad
    this.origin = origin
  }

  /** @internal The gradient, for those who do not keep it. */
  get gradient(): Tensor | null {
    return this.slot.value
  }

  /** @internal Takes a gradient that is nobody else's. */
  receive(array: DeviceArray): void {
    this.slot.put(new Tensor(this.backend, array, this.shape), false)
  }

  /** a + b, element by element. Here and below: shapes are repeated to fit, as in NumPy: [3, 1] and [2] give [3, 2]. */
  add(other: Tensor | number): Tensor {
    return this.#combine(other, pairwise.add)
  }

  /** a − b, element by element. */
  sub(other: Tensor | number): Tensor {
    return this.#combine(other, pairwise.sub)
  }

  /** a · b, element by element. */
  mul(other: Tensor | number): Tensor {
    return this.#combine(other, pairwise.mul)
  }

  /** a / b, element by element. */
  div(other: Tensor | number): Tensor {
    return this.#combine(other, pairwise.div)
  }

  /** −a, element by element. */
  neg(): Tensor {
    return each(this, '(a) => [-a]', '(a, d) => [-d]')
  }

  /** a², element by element. */
  square(): Tensor {
    return each(this, '(a) => [a * a]', '(a, d) => [2 * d * a]')
  }

  /** |a|, element by element; its slope at 0 is 0. */
  abs(): Tensor {
    return each(this, '(a) => [Math.abs(a)]', '(a, d) => [d * Math.sign(a)]')
  }

  /** Each element to the power of `exponent`. */
  pow(exponent: number): Tensor {
    if (!Number.isFinite(exponent))
      throw new TypeError(`pow: the exponent must be a finite number, got ${exponent}`)
    return each(
      this,
      `(a) => [a ** ${exponent}]`,
      `(a, d) => [${exponent} * d * a ** ${exponent - 1}]`,
    )
  }

  /** eᵃ, element by element. */
  exp(): Tensor {
    return eachByResult(this, '(a) => [Math.exp(a)]', '(y, d) => [y * d]')
  }

  /** The natural logarithm of each element. */
  log(): Tensor {
    return each(this, '(a) => [Math.log(a)]', '(a, d) => [d / a]')
  }

  /** √a, element by element. */
  sqrt(): Tensor {
    return eachByResult(this, '(a) => [Math.sqrt(a)]', '(y, d) => [0.5 * d / y]')
  }

  /** tanh of each element. */
  tanh(): Tensor {
    return eachByResult(this, '(a) => [Math.tanh(a)]', '(y, d) => [d * (1 - y * y)]')
  }

  /** σ(a) = 1/(1 + e⁻ᵃ) of each element. */
  sigmoid(): Tensor {
    return eachByResult(this, '(a) => [1 / (1 + Math.exp(-a))]', '(y, d) => [d * y * (1 - y)]')
  }

  /** max(a, 0) of each element; its slope at 0 is 0. */
  relu(): Tensor {
    return eachByResult(this, '(a) => [Math.max(a, 0)]', '(y, d) => [y > 0 ? d : 0]')
  }

  /** eᵃ over their sum, along an axis. */
  softmax(axis = -1): Tensor {
    return softmaxOf(this, axis)
  }

  /** The logarithm of `softmax`, exact also where that is nearly 0. */
  logSoftmax(axis = -1): Tensor {
    return logSoftmaxOf(this, axis)
  }

  /** The sum of all elements, as a scalar; or along one axis (−1 is the last). */
  sum(axis?: number, options?: ReduceOptions): Tensor {
    return sum(this, axis, options)
  }

  /** The mean of all elements, as a scalar; or along one axis. */
  mean(axis?: number, options?: ReduceOptions): Tensor {
    return mean(this, axis, options)
  }

  /** The largest of all elements, as a scalar; or along one axis. The gradient goes to the largest, shared by those that are equally large. */
  max(axis?: number, options?: ReduceOptions): Tensor {
    return max(this, axis, options)
  }

  /** Σ aᵢ·bᵢ, as a scalar. @throws RangeError unless the shapes fit */
  dot(other: Tensor): Tensor {
    return this.mul(other).sum()
  }

  /** The matrix product: [n, k] · [k, m] → [n, m]. More dimensions before k stay as they are; a vector [k] at the right gives [n]. */
  matmul(other: Tensor): Tensor {
    return matmul(this, other)
  }

  /** The same values, row by row, in another shape; one length may be −1: what is left. A copy. */
  reshape(shape: readonly number[]): Tensor {
    return reshape(this, shape)
  }

  /** Two axes exchanged; without arguments the last two: a matrix is transposed. */
  transpose(a?: number, b?: number): Tensor {
    return transpose(this, a, b)
  }

  /** The axes in another order: [n, h, w, c] by [0, 3, 1, 2] is [n, c, h, w]. */
  permute(order: readonly number[]): Tensor {
    return permute(this, order)
  }

  /** From `start` to before `end` along an axis, the first unless said; negative numbers count from the end. */
  slice(start: number, end?: number, axis?: number): Tensor {
    return slice(this, start, end, axis)
  }

  /** The given places along an axis, in this order: rows of a table, unless another axis is said. */
  take(indices: ArrayLike<number>, axis?: number): Tensor {
    return take(this, indices, axis)
  }

  /**
   * Fills `grad` of every parameter that this scalar was computed from. The graph is then freed, as in PyTorch, unless it is retained.
   * @throws Error if it was freed by an earlier `backward()`
   * @throws RangeError unless the tensor has one element
   */
  backward({ retainGraph = false }: { retainGraph?: boolean } = {}): void {
    this.single('backward')
    backward(this, retainGraph)
  }

  /** @internal The tensors this one was computed from, as far as they need gradients. */
  get parents(): readonly Tensor[] {
    if (!this.origin || this.origin === 'spent') return []
    return this.origin.parents.filter((parent) => parent.requiresGrad)
  }

  /** @internal A result of `parents`, with what turns its gradient into theirs, and the arrays that only that needs. */
  record(
    array: DeviceArray,
    shape: readonly number[],
    parents: readonly Tensor[],
    backward: Origin['backward'],
    own: readonly DeviceArray[] = [],
  ): Tensor {
    const { backend } = this
    const requiresGrad = isRecording() && parents.some((parent) => parent.requiresGrad)
    const saved = parents.map((parent) => parent.array)
    if (requiresGrad) for (const one of saved) hold(one)
    else for (const one of own) backend.release(one)
    const origin = requiresGrad ? { parents, saved, own, backward } : undefined
    const result = new Tensor(backend, array, shape, { requiresGrad }, origin)
    noteMade(result)
    return result
  }

  #combine(other: Tensor | number, operation: Pairwise): Tensor {
    if (typeof other === 'number') return withNumber(this, other, operation)
    if (!(other instanceof Tensor))
      throw new TypeError(
        `${this}: expected a tensor or a number beside it, got ${typeof other}; tensor([…]) makes one of a list`,
      )
    return combine(this, other, operation)
  }
}
