import type { Backend, DeviceArray } from '../backend/backend.js'
import { program } from '../backend/rule.js'
import { displaySymbol, inspectSymbol, type MimeBundle } from '../host/types.js'
import { backward, type Origin } from './backward.js'
import { GradientSlot } from './gradient.js'
import { hold, isHeld } from './held.js'
import { tensorBundle } from './tensor-bundle.js'

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
export class Tensor {
  readonly name: string
  /** False freezes a parameter: it gets no gradient, and optimizers leave it and its state alone. */
  requiresGrad: boolean
  /** Filled by `backward()`, added to on the next; null until then and after `zeroGrad()`. */
  get grad(): Tensor | null {
    return this.#gradient.show()
  }
  /** Gives a gradient of one's own, or null to forget it. */
  set grad(value: Tensor | null) {
    this.#gradient.put(value, true)
  }

  readonly #gradient = new GradientSlot()
  /** @internal */
  origin: Origin | 'spent' | undefined

  /** @internal Use `parameter` or `tensor`. */
  constructor(
    readonly backend: Backend,
    /** @internal Where the numbers lie; optimizers replace it. */
    public array: DeviceArray,
    readonly shape: readonly number[],
    { name = '', requiresGrad = false }: TensorOptions = {},
    origin?: Origin,
  ) {
    this.name = name
    this.requiresGrad = requiresGrad
    this.origin = origin
  }

  /** @internal The gradient, for those who do not keep it. */
  get gradient(): Tensor | null {
    return this.#gradient.value
  }

  /** @internal Takes a gradient that is nobody else's. */
  receive(array: DeviceArray): void {
    this.#gradient.put(new Tensor(this.backend, array, this.shape), false)
  }

  /** @internal Its array, if no graph needs the values: they may be written over. */
  get free(): DeviceArray | undefined {
    return isHeld(this.array) ? undefined : this.array
  }

  /** @internal New values. */
  replace(array: DeviceArray): void {
    const old = this.free
    this.array = array
    if (old && old !== array) this.backend.park(old)
  }

  /** Number of elements. */
  get size(): number {
    return this.array.length
  }

  /** A copy of the values, row by row. */
  data(): Promise<Float64Array> {
    return this.backend.read(this.array)
  }

  /** As `data()`, at once. @throws Error on gpu, where reading is asynchronous */
  dataSync(): Float64Array {
    return this.backend.readSync(this.array, 'dataSync')
  }

  /** The value of a tensor with one element. */
  async item(): Promise<number> {
    this.#single('item')
    return (await this.data())[0]!
  }

  /** As `item()`, at once. @throws Error on gpu, where reading is asynchronous */
  itemSync(): number {
    this.#single('itemSync')
    return this.backend.readSync(this.array, 'itemSync')[0]!
  }

  #single(caller: string): void {
    if (this.size !== 1)
      throw new RangeError(`${caller}: ${this} has ${this.size} values, not one; use data()`)
  }

  /** a + b, element by element. Here and below: shapes must be equal, or one of the two a single value. */
  add(other: Tensor | number): Tensor {
    return this.#combine(other, '(a, b) => [a + b]', '(a, b, d) => [d, d]')
  }

  /** a − b, element by element. */
  sub(other: Tensor | number): Tensor {
    return this.#combine(other, '(a, b) => [a - b]', '(a, b, d) => [d, -d]')
  }

  /** a · b, element by element. */
  mul(other: Tensor | number): Tensor {
    return this.#combine(other, '(a, b) => [a * b]', '(a, b, d) => [d * b, d * a]')
  }

  /** a / b, element by element. */
  div(other: Tensor | number): Tensor {
    return this.#combine(other, '(a, b) => [a / b]', '(a, b, d) => [d / b, -d * a / (b * b)]')
  }

  /** −a, element by element. */
  neg(): Tensor {
    return this.each('(a) => [-a]', '(a, d) => [-d]')
  }

  /** a², element by element. */
  square(): Tensor {
    return this.each('(a) => [a * a]', '(a, d) => [2 * d * a]')
  }

  /** |a|, element by element; its slope at 0 is 0. */
  abs(): Tensor {
    return this.each('(a) => [Math.abs(a)]', '(a, d) => [d * Math.sign(a)]')
  }

  /** Each element to the power of `exponent`. */
  pow(exponent: number): Tensor {
    if (!Number.isFinite(exponent))
      throw new TypeError(`pow: the exponent must be a finite number, got ${exponent}`)
    return this.each(
      `(a) => [a ** ${exponent}]`,
      `(a, d) => [${exponent} * d * a ** ${exponent - 1}]`,
    )
  }

  /** The sum of all elements, as a scalar. */
  sum(): Tensor {
    const { backend, size } = this
    return this.record(backend.fold('sum', this.array), [], [this], (gradient) =>
      backend.map(program('(d) => [d]'), [gradient], { length: size }),
    )
  }

  /** The mean of all elements, as a scalar. */
  mean(): Tensor {
    return this.sum().mul(1 / this.size)
  }

  /** Σ aᵢ·bᵢ, as a scalar. @throws RangeError unless the shapes fit */
  dot(other: Tensor): Tensor {
    return this.mul(other).sum()
  }

  /**
   * Fills `grad` of every parameter that this scalar was computed from. The graph is then freed, as in PyTorch, unless it is retained.
   * @throws Error if it was freed by an earlier `backward()`
   * @throws RangeError unless the tensor has one element
   */
  backward({ retainGraph = false }: { retainGraph?: boolean } = {}): void {
    this.#single('backward')
    backward(this, retainGraph)
  }

  /** @internal The tensors this one was computed from, as far as they need gradients. */
  get parents(): readonly Tensor[] {
    if (!this.origin || this.origin === 'spent') return []
    return this.origin.parents.filter((parent) => parent.requiresGrad)
  }

  /** Its name, shape and backend; never its values, which would have to be read. */
  toString(): string {
    return `${this.name || 'tensor'} [${this.shape.join(', ')}] on ${this.backend.name}`
  }

  /** In a notebook: with its values, as a table. */
  [displaySymbol](): Promise<MimeBundle> {
    return tensorBundle(this)
  }

  /** @internal Node and the kernel print an object by this method; the default would list the internals. */
  [inspectSymbol](): string {
    return this.toString()
  }

  /** @internal A result of `parents`, with what turns its gradient into theirs. */
  record(
    array: DeviceArray,
    shape: readonly number[],
    parents: readonly Tensor[],
    backward: Origin['backward'],
  ): Tensor {
    const requiresGrad = parents.some((parent) => parent.requiresGrad)
    const saved = parents.map((parent) => parent.array)
    if (requiresGrad) for (const one of saved) hold(one)
    const origin = requiresGrad ? { parents, saved, backward } : undefined
    return new Tensor(this.backend, array, shape, { requiresGrad }, origin)
  }

  /** @internal `forward` of each element a; `backward`: its gradient, from a and the gradient d of the result. */
  each(forward: string, backward: string): Tensor {
    const { backend, array, shape } = this
    return this.record(backend.map(program(forward), [array])[0]!, shape, [this], (gradient) =>
      backend.map(program(backward), [array, gradient]),
    )
  }

  /** Equal shapes, or one of the two a single value, whose gradient is then summed. */
  #combine(other: Tensor | number, forward: string, backward: string): Tensor {
    const { backend, array } = this
    const right =
      typeof other === 'number' ? new Tensor(backend, backend.write([other]), []) : other
    if (!(right instanceof Tensor))
      throw new TypeError(
        `${this}: expected a tensor or a number beside it, got ${typeof right}; tensor([…]) makes one of a list`,
      )
    if (right.backend !== backend)
      throw new TypeError(
        `${this} and ${right}: both must live on one backend; make them after useBackend`,
      )
    const same =
      this.shape.length === right.shape.length && this.shape.every((n, k) => n === right.shape[k])
    if (!same && this.size !== 1 && right.size !== 1)
      throw new RangeError(`${this} and ${right}: shapes must be equal, or one a single value`)
    const { shape } = right.size === 1 ? this : right
    const both = [this, right]
    return this.record(
      backend.map(program(forward), [array, right.array])[0]!,
      shape,
      both,
      (gradient) =>
        backend.map(program(backward), [array, right.array, gradient]).map((part, k) => {
          if (part.length === both[k]!.size) return part
          const sum = backend.fold('sum', part)
          backend.release(part)
          return sum
        }),
    )
  }
}
