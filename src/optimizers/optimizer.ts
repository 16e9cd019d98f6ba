import type { DeviceArray } from '../backend/backend.js'
import { checkNames, type OptionSpec } from '../backend/options.js'
import { checkTrainable } from '../nn/parameters.js'
import { Tensor } from '../nn/tensor.js'
import type { OptimizerCompiler } from './compiler.js'
import type { GroupOptions, OptimizerOptions } from './define.js'
import { GroupPlan } from './groupPlan.js'
import { loadState } from './loadState.js'
import { type OptimizerState, type ParameterState, saveState } from './state.js'
import { Mover, stepElements } from './stepElements.js'
import { stepTensor } from './stepTensor.js'

/** A group as the optimizer holds it: assign to an option to change it, `optimizer.groups[0].lr = 0.1`. */
export type Group<Spec extends OptionSpec> = { params: Tensor[] } & Required<OptimizerOptions<Spec>>

/**
 * Moves parameters along their gradients by one rule.
 * The k-th `step()` (k = 1, 2, …) uses `schedule(k − 1)` for every scheduled option. The rule's t is counted for each
 * parameter: one without gradient is skipped whole, its state and t stay.
 * As a type, `Optimizer` is any of them; `Optimizer<…>` also knows the options of its groups.
 */
export class Optimizer<Spec extends OptionSpec = Record<never, never>> {
  readonly groups: Group<Spec>[] = []
  readonly #compiler: OptimizerCompiler
  readonly #defaults: Record<string, unknown>
  readonly #states = new Map<Tensor, ParameterState>()
  readonly #plans = new WeakMap<object, GroupPlan>()
  #steps = 0
  /** As `#steps`, counting those that were refused. */
  #calls = 0
  /** The weights that train, while the averaged ones are in the parameters. */
  #training: Map<Tensor, DeviceArray> | undefined

  constructor(
    compiler: OptimizerCompiler,
    params: readonly Tensor[] | readonly GroupOptions<Spec>[],
    options: OptimizerOptions<Spec>,
  ) {
    this.#compiler = compiler
    checkNames(this.name, compiler.spec, options)
    this.#defaults = { ...options }
    const parameters = !Array.isArray(params) || params.every((item) => !isGroup(item))
    const groups = parameters ? [{ params }] : params
    for (const group of groups) this.addGroup(group as GroupOptions<Spec>)
  }

  /** The rule's name: "adamw". */
  get name(): string {
    return this.#compiler.name
  }

  /** How often `step()` was called. */
  get steps(): number {
    return this.#steps
  }

  /** Whether it keeps averaged weights: then `evaluate()` shows them. */
  get averages(): boolean {
    return this.#compiler.average !== undefined
  }

  /**
   * Adds parameters with options of their own; what is not given comes from the optimizer's options.
   * @throws RangeError or TypeError for what cannot be added; nothing is changed then
   */
  addGroup(group: GroupOptions<Spec>): void {
    if (!isGroup(group))
      throw new TypeError(`${this.name}: a group is an object, { params: [w], … }, got ${group}`)
    const { params, ...given } = group
    const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    const options = this.#compiler.complete({ ...this.#defaults, ...own })
    this.#compiler.at(options, this.#steps)
    checkTrainable(this.name, params)
    const seen = new Set(this.#states.keys())
    for (const param of params) {
      if (seen.has(param)) throw new RangeError(`${this.name}: ${param} is already in a group`)
      seen.add(param)
      for (const name of this.#compiler.state) this.#compiler.lengthOf(name, param.shape)
    }
    for (const param of params)
      this.#states.set(param, { t: 0, joined: this.#steps, arrays: {}, scalars: {} })
    this.groups.push({ params: [...params], ...options } as unknown as Group<Spec>)
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const { params } of this.groups) for (const param of params) param.grad = null
  }

  #planOf(group: Group<Spec>): GroupPlan {
    let plan = this.#plans.get(group)
    if (!plan) {
      plan = new GroupPlan(this.#compiler, group)
      this.#plans.set(group, plan)
    }
    return plan
  }

  /** Those of a group that the next step moves, each once in the whole step. One without elements is left alone. */
  #movingOf({ params }: Group<Spec>): Mover[] {
    const moving: Mover[] = []
    for (const param of params) {
      const state = this.#states.get(param)
      if (!state)
        throw new RangeError(
          `${this.name}: ${param} came into groups by hand; use addGroup({ params: [w] })`,
        )
      const { raw: grad } = param.slot
      if (!param.requiresGrad || !grad || param.size === 0) continue
      if (grad.size !== param.size || grad.backend !== param.backend)
        throw new RangeError(
          `${this.name}: the gradient of ${param} must have its size and backend, got ${grad}`,
        )
      if (state.met === this.#calls)
        throw new RangeError(`${this.name}: ${param} is in the groups twice; a step moves it once`)
      state.met = this.#calls
      state.mover ??= new Mover(param, state)
      moving.push(state.mover)
    }
    return moving
  }

  /**
   * One step of every parameter that has a gradient. Nothing is read back.
   * @throws RangeError or TypeError for a gradient, or an option at this step, that cannot be; nothing has moved then
   */
  step(): void {
    if (this.#training)
      throw new Error(
        `${this.name}: the averaged weights are in the parameters; call train() before step()`,
      )
    this.#calls += 1
    const planned = this.groups.map((group) => {
      const plan = this.#planOf(group)
      return { plan, options: plan.at(this.#steps), moving: this.#movingOf(group) }
    })
    if ('update' in this.#compiler.definition)
      for (const { options, moving } of planned)
        for (const { param, state } of moving) {
          state.t += 1
          const counts = { t: state.t, calls: this.#steps + 1 - state.joined }
          stepTensor(param, state, this.#compiler, { ...options, ...counts })
        }
    else stepElements(this.#compiler, planned, this.#steps)
    this.#steps += 1
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
    for (const [param, array] of this.#training ?? []) param.replace(array)
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

  /** All state and the options that are no schedules, as plain data (see `stateToJson`, `stateToBytes`). Parameters are not in it. */
  async stateDict(): Promise<OptimizerState> {
    if (this.#training)
      throw new Error(
        `${this.name}: the averaged weights are in the parameters; call train() before stateDict()`,
      )
    return saveState(this.name, this.#steps, this.groups, this.#states)
  }

  /**
   * Goes on where `stateDict()` was taken, with the same groups over parameters of the same shapes; those are not part of it.
   * Schedules are given again, not saved; options that this version does not know of keep what they are here.
   * @throws RangeError naming what does not fit; nothing is changed then
   */
  loadStateDict(state: OptimizerState): void {
    if (this.#training)
      throw new Error(
        `${this.name}: the averaged weights are in the parameters; call train() before loadStateDict()`,
      )
    loadState(state, this.#compiler, this.groups, this.#states)
    this.#steps = state.steps
  }
}

/** Something with options, of which `params` is one; what else it may be is checked by name. */
const isGroup = (item: unknown): boolean =>
  typeof item === 'object' && item !== null && !(item instanceof Tensor)
