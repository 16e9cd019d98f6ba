import { checkTrainable } from '../nn/parameters.js'
import { Tensor } from '../nn/tensor.js'
import { checkNumbers, checkState } from './checkState.js'
import { Curvature, dot } from './curvature.js'
import { completed, type LbfgsOptions } from './lbfgsOptions.js'
import type { OptimizerState } from './state.js'
import { type LinePoint, strongWolfe } from './strongWolfe.js'

const largest = (a: Float64Array): number => a.reduce((top, x) => Math.max(top, Math.abs(x)), 0)

/** `lbfgs(…)`: its `step` takes the loss, and is awaited. */
export class Lbfgs {
  readonly name = 'lbfgs'
  readonly #params: readonly Tensor[]
  #options: Required<LbfgsOptions>
  #curvature: Curvature
  #direction: Float64Array | undefined
  #before: Float64Array | undefined
  #t = 0
  #iterations = 0
  #evaluations = 0
  #steps = 0
  #stepping = false

  constructor(params: readonly Tensor[], options: LbfgsOptions) {
    this.#options = completed(options)
    this.#params = checkTrainable('lbfgs', params)
    this.#curvature = new Curvature(this.#options.history)
  }

  /** How often `step()` was called. */
  get steps(): number {
    return this.#steps
  }

  /** How often the loss was evaluated. */
  get evaluations(): number {
    return this.#evaluations
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const param of this.#params) param.grad = null
  }

  async #gather(read: (param: Tensor) => Promise<Float64Array>): Promise<Float64Array> {
    const parts = await Promise.all(this.#params.map(read))
    const flat = new Float64Array(parts.reduce((n, part) => n + part.length, 0))
    let offset = 0
    for (const part of parts) {
      flat.set(part, offset)
      offset += part.length
    }
    return flat
  }

  /** Frozen parameters, and those that the loss does not see, have gradient 0. */
  #gradient(): Promise<Float64Array> {
    return this.#gather(async (param) =>
      param.gradient && param.requiresGrad ? param.gradient.data() : new Float64Array(param.size),
    )
  }

  /** What is remembered may point along a parameter that was frozen since. */
  #thawed(direction: Float64Array): Float64Array {
    let offset = 0
    for (const { size, requiresGrad } of this.#params) {
      if (!requiresGrad) direction.fill(0, offset, offset + size)
      offset += size
    }
    return direction
  }

  #moveTo(weights: Float64Array): void {
    let offset = 0
    for (const param of this.#params) {
      param.replace(param.backend.write(weights.subarray(offset, offset + param.size)))
      offset += param.size
    }
  }

  async #evaluate(
    loss: () => Tensor | Promise<Tensor>,
  ): Promise<{ loss: number; gradient: Float64Array }> {
    this.zeroGrad()
    const result = await loss()
    if (!(result instanceof Tensor))
      throw new TypeError(
        `lbfgs: the loss must be a tensor, got ${typeof result}; return it: () => w.square().sum()`,
      )
    result.backward()
    this.#evaluations += 1
    return { loss: await result.item(), gradient: await this.#gradient() }
  }

  /**
   * Up to `maxIterations` iterations. `loss` computes it from the parameters; gradients are cleared and `backward()` is called here.
   * @returns the loss before the step
   * @throws TypeError unless it is given a function that gives a tensor; Error if the step before is not done
   */
  async step(loss: () => Tensor | Promise<Tensor>): Promise<number> {
    if (typeof loss !== 'function')
      throw new TypeError(
        `lbfgs: step takes a function that computes the loss, got ${typeof loss}; step(() => w.square().sum())`,
      )
    if (this.#stepping)
      throw new Error('lbfgs: the step before is not done; await optimizer.step(…)')
    this.#stepping = true
    try {
      return await this.#iterate(loss)
    } finally {
      this.#stepping = false
    }
  }

  async #iterate(loss: () => Tensor | Promise<Tensor>): Promise<number> {
    const o = this.#options
    const limit = o.maxEvaluations || Math.floor((o.maxIterations * 5) / 4)
    const evaluationsBefore = this.#evaluations
    const first = await this.#evaluate(loss)
    let { loss: value, gradient } = first
    this.#steps += 1
    if (largest(gradient) <= o.toleranceGradient) return value
    for (let iteration = 1; iteration <= o.maxIterations; iteration++) {
      const fresh = this.#iterations === 0
      this.#iterations += 1
      if (!fresh)
        this.#curvature.remember(
          this.#direction!.map((d) => d * this.#t),
          gradient.map((g, i) => g - this.#before![i]!),
        )
      const direction = this.#thawed(this.#curvature.direction(gradient))
      const previous = value
      this.#direction = direction
      this.#before = gradient
      const length = gradient.reduce((sum, g) => sum + Math.abs(g), 0)
      this.#t = fresh ? Math.min(1, 1 / length) * o.lr : o.lr
      const slope = dot(gradient, direction)
      if (slope > -o.toleranceChange) break
      const from = await this.#gather((param) => param.data())
      const place = (t: number) => from.map((x, i) => x + t * direction[i]!)
      if (o.lineSearch === 'strong-wolfe') {
        const line = async (t: number): Promise<LinePoint> => {
          this.#moveTo(place(t))
          const point = await this.#evaluate(loss)
          return { t, ...point, slope: dot(point.gradient, direction) }
        }
        const start = { t: 0, loss: value, gradient, slope }
        const reach = { reach: largest(direction), tolerance: o.toleranceChange }
        const found = await strongWolfe(line, start, this.#t, reach)
        ;({ loss: value, gradient, t: this.#t } = found)
        this.#moveTo(place(this.#t))
      } else {
        this.#moveTo(place(this.#t))
        if (iteration < o.maxIterations) ({ loss: value, gradient } = await this.#evaluate(loss))
      }
      if (this.#evaluations - evaluationsBefore >= limit) break
      if (largest(gradient) <= o.toleranceGradient) break
      if (largest(direction) * Math.abs(this.#t) <= o.toleranceChange) break
      if (Math.abs(value - previous) < o.toleranceChange) break
    }
    return first.loss
  }

  /** All state, for JSON. */
  async stateDict(): Promise<OptimizerState> {
    const plain = (array?: Float64Array) => (array ? [...array] : [])
    return {
      format: 'downhill.optimizer',
      version: 1,
      name: this.name,
      steps: this.#steps,
      groups: [{ params: this.#params.length, options: { ...this.#options }, scheduled: [] }],
      params: [],
      own: {
        numbers: {
          t: this.#t,
          iterations: this.#iterations,
          evaluations: this.#evaluations,
        },
        arrays: {
          direction: plain(this.#direction),
          before: plain(this.#before),
          ...this.#curvature.save(),
        },
      },
    }
  }

  /**
   * Goes on where `stateDict()` was taken, with its options.
   * @throws RangeError naming what does not fit; nothing is changed then
   */
  loadStateDict(state: OptimizerState): void {
    const refuse = (what: string): never => {
      throw new RangeError(`lbfgs: this state does not fit: ${what}`)
    }
    checkState(state, refuse)
    if (state.name !== 'lbfgs') refuse(`it was saved by ${state.name}`)
    const { numbers, arrays } = state.own ?? refuse('it has no numbers of its own')
    const { t, iterations, evaluations } = numbers as Record<string, number>
    for (const [name, value] of Object.entries({ t, iterations, evaluations }))
      if (typeof value !== 'number') refuse(`${name} is ${value}, not a number`)
    const size = this.#params.reduce((n, param) => n + param.size, 0)
    for (const [name, values] of Object.entries({ direction: [], before: [], ...arrays })) {
      if (values.length !== size && (iterations !== 0 || values.length !== 0))
        refuse(`${name} has ${values.length} values, the parameters have ${size}`)
      checkNumbers(values, name, refuse)
    }
    let options = this.#options
    try {
      options = completed(state.groups[0]?.options ?? {})
    } catch (error) {
      refuse((error as Error).message)
    }
    this.#options = options
    this.#curvature = new Curvature(options.history)
    this.#curvature.load(arrays)
    this.#direction = Float64Array.from(arrays.direction ?? [])
    this.#before = Float64Array.from(arrays.before ?? [])
    this.#t = t!
    this.#iterations = iterations!
    this.#evaluations = evaluations!
    this.#steps = state.steps
  }
}

/**
 * L-BFGS: a quasi-Newton method. From the last steps and how the gradient changed over them it knows the curvature, and goes along −H·g.
 * For small problems without noise; it evaluates the loss many times a step, and reads it each time.
 *   s = steps, y = differences of gradients, H₀ = (yᵀs/yᵀy)·I;  p ← p + t·d, d = −H·g;  t = α (first: α·min(1, 1/‖g‖₁)), or found by a line search
 * Source    Liu & Nocedal 1989, as torch.optim.LBFGS.
 * Differs   the loss function only computes the loss; clearing gradients and `backward()` is done here. Frozen parameters have gradient 0.
 * Defaults  PyTorch's: lr 1, 20 iterations, 25 evaluations, history 100, no line search.   Memory  2·history + 3 floats a parameter, on the host.
 * Tests     test/optimizers/lbfgs.test.ts
 * @throws RangeError for an option out of its range
 * @example
 * const optimizer = lbfgs([w], { lineSearch: 'strong-wolfe' })
 * const before = await optimizer.step(() => w.square().sum())
 */
export function lbfgs(params: readonly Tensor[], options: LbfgsOptions = {}): Lbfgs {
  return new Lbfgs(params, options)
}
