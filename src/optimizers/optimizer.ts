import type { DeviceArray } from '../backend/backend.js'
import type { OptionSpec } from '../backend/options.js'
import { program } from '../backend/rule.js'
import { Tensor } from '../nn/tensor.js'
import type { OptimizerCompiler, Values } from './compiler.js'
import type { GroupOptions, OptimizerOptions } from './define.js'
import { loadState, type OptimizerState, type ParameterState, saveState } from './state.js'
import { sumOfSquares, withSums } from './variant.js'
import { TensorWork } from './work.js'

/** A group as the optimizer holds it: assign to an option to change it, `optimizer.groups[0].lr = 0.1`. */
export type Group<Spec extends OptionSpec> = { params: Tensor[] } & Required<OptimizerOptions<Spec>>

/**
 * Moves parameters along their gradients by one rule.
 * The k-th `step()` (k = 1, 2, …) uses `schedule(k − 1)` for every scheduled option. The rule's t is counted for each
 * parameter: one without gradient is skipped whole, its state and t stay.
 */
export class Optimizer<Spec extends OptionSpec = OptionSpec> {
  readonly groups: Group<Spec>[] = []
  readonly #compiler: OptimizerCompiler
  readonly #defaults: Record<string, unknown>
  readonly #states = new Map<Tensor, ParameterState>()
  #steps = 0
  /** The weights that train, while the averaged ones are in the parameters. */
  #training: Map<Tensor, DeviceArray> | undefined

  constructor(
    compiler: OptimizerCompiler,
    params: readonly Tensor[] | readonly GroupOptions<Spec>[],
    options: OptimizerOptions<Spec>,
  ) {
    this.#compiler = compiler
    this.#defaults = { ...options }
    const groups = params.every((item) => item instanceof Tensor)
      ? [{ params } as unknown as GroupOptions<Spec>]
      : (params as readonly GroupOptions<Spec>[])
    for (const group of groups) this.addGroup(group)
  }

  /** The rule's name: "adamw". */
  get name(): string {
    return this.#compiler.name
  }

  /** How often `step()` was called. */
  get steps(): number {
    return this.#steps
  }

  /** Adds parameters with options of their own; what is not given comes from the optimizer's options. */
  addGroup(group: GroupOptions<Spec>): void {
    const { params, ...own } = group
    const options = this.#compiler.complete({ ...this.#defaults, ...own })
    this.#compiler.at(options, this.#steps)
    for (const param of params) this.#admit(param)
    this.groups.push({ params: [...params], ...options } as unknown as Group<Spec>)
  }

  #admit(param: Tensor): void {
    if (!(param instanceof Tensor))
      throw new TypeError(
        `${this.name}: expected parameters, got ${typeof param}; make them with parameter(…)`,
      )
    if (this.#states.has(param))
      throw new RangeError(`${this.name}: ${param} is already in a group`)
    for (const name of this.#compiler.state) this.#compiler.lengthOf(name, param.shape)
    this.#states.set(param, { t: 0, joined: this.#steps, arrays: {}, scalars: {} })
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const { params } of this.groups) for (const param of params) param.grad = null
  }

  /** One step of every parameter that has a gradient. Nothing is read back. */
  step(): void {
    if (this.#training)
      throw new Error(
        `${this.name}: the averaged weights are in the parameters; call train() before step()`,
      )
    const gradientSquares = this.#gradientSquares()
    for (const group of this.groups) {
      const options = this.#compiler.at(group, this.#steps)
      for (const param of group.params) {
        if (!param.requiresGrad || !param.grad) continue
        if (param.grad.size !== param.size || param.grad.backend !== param.backend)
          throw new RangeError(`${this.name}: the gradient of ${param} is ${param.grad}`)
        const state = this.#states.get(param)!
        state.t += 1
        const { definition } = this.#compiler
        const calls = this.#steps + 1 - state.joined
        if ('update' in definition) {
          const { backend, array, grad, shape } = param
          for (const name of definition.state)
            if (this.#compiler.lengthOf(name, shape)) this.#array(param, state, options, name)
          const negate = () => backend.map(program('(g) => [-g]'), [grad.array])[0]!
          const g = options.maximize ? negate() : grad.array
          const work = new TensorWork(backend, array, g, state.arrays, shape, state.t, calls)
          definition.update(work, options as never)
          param.array = work.p
          for (const [name, array] of Object.entries(work.state)) replace(param, state, name, array)
        } else {
          const counts = { t: state.t, calls }
          state.scalars = this.#compiler.scalars(state.scalars, { ...options, ...counts })
          this.#apply(param, state, group, { ...options, ...counts }, gradientSquares)
        }
      }
    }
    this.#steps += 1
  }

  #apply(
    param: Tensor,
    state: ParameterState,
    group: Group<Spec>,
    options: Values,
    gradientSquares: () => DeviceArray,
  ): void {
    const { backend, size } = param
    const variant = this.#compiler.variant(group)
    const { length: dims } = param.shape
    const hypers = { ...options, ...state.scalars, dims, size } as Record<string, number>
    const launch = { hypers, length: size }
    const used = [variant, variant.tensor, ...variant.sums].flatMap((one) => one.program.inputs)
    const arrays = this.#arrays(param, state, options, used)
    const inputs = withSums(backend, variant, [param.array, param.grad!.array, ...arrays], {
      ...launch,
      gradientSquares,
    })
    const results = backend.map(variant.program, inputs, launch)
    const { tensor } = variant
    const [any] = tensor.program.inputs
    const single = inputs.map((input) => (input.length === 1 ? input : inputs[any ?? 0]!))
    const numbers = tensor.updates.length
      ? backend.map(tensor.program, single, { hypers, length: 1 })
      : []
    for (const { position, everywhere } of variant.sums)
      if (!everywhere) backend.release(inputs[position]!)
    for (const [k, target] of variant.updates.entries()) {
      if (target === 'p') param.array = results[k]!
      else replace(param, state, target, results[k]!)
    }
    for (const [k, target] of tensor.updates.entries()) replace(param, state, target, numbers[k]!)
  }

  /** Σg² of all gradients that this step uses, computed when first asked for. */
  #gradientSquares(): () => DeviceArray {
    let squares: DeviceArray | undefined
    return () => {
      const params = this.groups.flatMap((group) => group.params)
      const moving = params.filter((param) => param.requiresGrad && param.grad)
      squares ??= sumOfSquares(
        moving[0]!.backend,
        moving.map(({ grad }) => grad!.array),
      )
      return squares
    }
  }

  /** The state arrays by position; one that no program reads is never allocated. */
  #arrays(
    param: Tensor,
    state: ParameterState,
    options: Values,
    used: readonly number[],
  ): DeviceArray[] {
    return this.#compiler.state.map((name, k) =>
      used.includes(k + 2) ? this.#array(param, state, options, name) : param.array,
    )
  }

  /** A state array, made when it is first needed. */
  #array(param: Tensor, state: ParameterState, options: Values, name: string): DeviceArray {
    const { backend, shape } = param
    const start = this.#compiler.start(name, options)
    const make = () =>
      start === 'p'
        ? backend.map(program('(p) => [p]'), [param.array])[0]!
        : backend.write(new Float64Array(this.#compiler.lengthOf(name, shape)).fill(start))
    state.arrays[name] ??= make()
    return state.arrays[name]
  }

  /**
   * Puts the averaged weights into the parameters (ASGD's, schedule-free's), to measure or to save them.
   * @throws TypeError if this optimizer has none
   */
  evaluate(): void {
    const average = this.#compiler.average
    if (!average) throw new TypeError(`${this.name}: it keeps no averaged weights; see ema and swa`)
    if (this.#training) return
    this.#training = new Map()
    for (const group of this.groups) {
      const options = this.#compiler.at(group, this.#steps)
      for (const param of group.params) {
        const state = this.#states.get(param)!
        if (state.t === 0) continue
        this.#training.set(param, param.array)
        const arrays = this.#compiler.state.map((name) => state.arrays[name] ?? param.array)
        const inputs = [param.array, ...arrays]
        const hypers = options as Record<string, number>
        param.array = param.backend.map(average, inputs, { hypers, length: param.size })[0]!
      }
    }
  }

  /** Puts the weights that train back into the parameters, after `evaluate()`. */
  train(): void {
    for (const [param, array] of this.#training ?? []) param.array = array
    this.#training = undefined
  }

  /** @internal What is kept for a parameter; wrappers change it. */
  stateOf(param: Tensor): ParameterState {
    return this.#states.get(param)!
  }

  /** @internal Whether the rule keeps a state of this name. */
  hasState(name: string): boolean {
    return this.#compiler.state.includes(name)
  }

  /** All state and the options that are numbers, for JSON. Parameters are not in it. */
  stateDict(): Promise<OptimizerState> {
    return saveState(this.name, this.#steps, this.groups, this.#states)
  }

  /**
   * Goes on where `stateDict()` was taken, with the same groups over parameters of the same sizes.
   * @throws RangeError naming what does not fit; nothing is changed then
   */
  loadStateDict(state: OptimizerState): void {
    loadState(state, this.#compiler, this.groups, this.#states)
    this.#steps = state.steps
  }
}

/** Only the optimizer holds state, so an old array is free; an old p may be in a graph. */
function replace(param: Tensor, state: ParameterState, name: string, array: DeviceArray): void {
  const old = state.arrays[name]
  if (old && old !== array) param.backend.release(old)
  state.arrays[name] = array
}
