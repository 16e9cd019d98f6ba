import type { DeviceArray } from '../backend/backend.js'
import type { OptionSpec } from '../backend/options.js'
import { Tensor } from '../nn/tensor.js'
import type { GroupOptions, OptimizerCompiler, OptimizerOptions } from './define.js'
import { loadState, type OptimizerState, type ParameterState, saveState } from './state.js'

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
    this.#states.set(param, { t: 0, arrays: {} })
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const { params } of this.groups) for (const param of params) param.grad = null
  }

  /** One step of every parameter that has a gradient. Nothing is read back. */
  step(): void {
    for (const group of this.groups) {
      const options = this.#compiler.at(group, this.#steps)
      const variant = this.#compiler.variant(group)
      for (const param of group.params) {
        if (!param.requiresGrad || !param.grad) continue
        if (param.grad.size !== param.size || param.grad.backend !== param.backend)
          throw new RangeError(`${this.name}: the gradient of ${param} is ${param.grad}`)
        const state = this.#states.get(param)!
        state.t += 1
        const inputs = [
          param.array,
          param.grad.array,
          ...this.#arrays(param, state, variant.program.inputs),
        ]
        const hypers = { ...options, t: state.t } as Record<string, number>
        const results = param.backend.map(variant.program, inputs, { hypers, length: param.size })
        for (const [k, target] of variant.updates.entries()) {
          if (target === 'p') param.array = results[k]!
          else {
            const old = state.arrays[target]
            if (old) param.backend.release(old) // only the optimizer holds state; an old p may be in a graph
            state.arrays[target] = results[k]!
          }
        }
      }
    }
    this.#steps += 1
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
    loadState(state, this.name, this.groups, this.#states)
    this.#steps = state.steps
  }

  /** The state arrays by position; one that the program does not read is never allocated. */
  #arrays(param: Tensor, state: ParameterState, used: readonly number[]): DeviceArray[] {
    return this.#compiler.state.map((name, k) => {
      if (!used.includes(k + 2)) return param.array
      state.arrays[name] ??= param.backend.write(new Float64Array(param.size))
      return state.arrays[name]
    })
  }
}
