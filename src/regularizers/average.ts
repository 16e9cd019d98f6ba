import type { DeviceArray } from '../backend/backend.js'
import { checkNames, checkOption, type OptionSpec, withDefaults } from '../backend/options.js'
import { program } from '../backend/rule.js'
import { copyOf } from '../nn/copy.js'
import { checkParameters } from '../nn/parameters.js'
import type { Tensor } from '../nn/tensor.js'
import { checkState } from '../optimizers/checkState.js'
import type { OptimizerState } from '../optimizers/state.js'

type Options = Record<string, number | boolean | string>

/** One kind of average, for `WeightAverage`. */
export interface AverageDefinition {
  readonly name: string
  /** `start` and `every` are among them. */
  readonly options: OptionSpec
  /** (average, p, { … }) → the new average. */
  readonly rule: string
  /** What the rule needs beside them, after n updates. */
  hypers(options: Options, n: number): Record<string, number>
  /** The first update starts from 0, not from the weights. */
  fromZero(options: Options): boolean
  /** What the average is divided by when it is shown, after n updates. */
  weight(options: Options, n: number): number
}

const shown = program('(average, { weight }) => [average / weight]')

/** A second set of weights, averaged over the steps: `ema(…)` or `swa(…)`. */
export class WeightAverage {
  readonly #definition: AverageDefinition
  readonly #params: readonly Tensor[]
  #options: Options
  #averages: DeviceArray[]
  #calls = 0
  #updates = 0
  /** The weights that train, while the averages are in the parameters. */
  #training: DeviceArray[] | undefined

  /** @internal Use `ema` or `swa`. */
  constructor(definition: AverageDefinition, params: readonly Tensor[], given: object) {
    this.#definition = definition
    const { name, options: spec } = definition
    checkNames(name, spec, given)
    this.#options = withDefaults(name, spec, given as Options) as Options
    for (const [key, option] of Object.entries(spec))
      checkOption(name, key, option, this.#options[key])
    this.#params = checkParameters(name, params)
    this.#averages = this.#params.map(copyOf)
  }

  /** @internal What is averaged. */
  get params(): readonly Tensor[] {
    return this.#params
  }

  /** How many sets of weights are in the average. */
  get updates(): number {
    return this.#updates
  }

  /** To be called after each step; takes the weights in at the steps that `start` and `every` say. */
  update(): void {
    const { name, fromZero, hypers, rule } = this.#definition
    if (this.#training)
      throw new Error(
        `${name}: the averaged weights are in the parameters; call restore() before update()`,
      )
    const { start, every } = this.#options as { start: number; every: number }
    const since = this.#calls - start
    this.#calls += 1
    if (since < 0 || since % every !== 0) return
    const n = this.#updates
    const given = { hypers: hypers(this.#options, n) }
    for (const [k, param] of this.#params.entries()) {
      const { array, backend, size } = param
      const old = this.#averages[k]!
      if (n === 0 && !fromZero(this.#options)) this.#averages[k] = copyOf(param)
      else {
        const from = n === 0 ? backend.write(new Float64Array(size)) : old
        this.#averages[k] = backend.map(program(rule), [from, array], given)[0]!
      }
      backend.release(old)
    }
    this.#updates += 1
  }

  /** Puts the averages into the parameters, to measure or to save them. Before the first update: the weights as they were when this was made. */
  apply(): void {
    if (this.#training) return
    const n = this.#updates
    const hypers = { weight: n === 0 ? 1 : this.#definition.weight(this.#options, n) }
    this.#training = this.#params.map(({ array }) => array)
    for (const [k, param] of this.#params.entries())
      param.array = param.backend.map(shown, [this.#averages[k]!], { hypers })[0]!
  }

  /** Puts the weights that train back into the parameters, after `apply()`; what was done to them meanwhile is undone. */
  restore(): void {
    for (const [k, array] of this.#training?.entries() ?? []) this.#params[k]!.replace(array)
    this.#training = undefined
  }

  /** All of it, in the form of an optimizer's state: `stateToJson` and `stateToBytes` take it. */
  async stateDict(): Promise<OptimizerState> {
    const read = async (param: Tensor, k: number) => ({
      shape: [...param.shape],
      t: this.#updates,
      joined: 0,
      arrays: { average: [...(await param.backend.read(this.#averages[k]!))] },
      scalars: {},
    })
    return {
      format: 'downhill.optimizer',
      version: 1,
      name: this.#definition.name,
      steps: this.#calls,
      groups: [{ params: this.#params.length, options: { ...this.#options }, scheduled: [] }],
      params: await Promise.all(this.#params.map(read)),
    }
  }

  /**
   * Goes on where `stateDict()` was taken, with its options.
   * @throws RangeError naming what does not fit; nothing is changed then
   */
  loadStateDict(state: OptimizerState): void {
    const options = this.#checkState(state)
    this.restore()
    this.#options = options
    this.#calls = state.steps
    this.#updates = state.params[0]!.t
    for (const [k, { backend }] of this.#params.entries()) {
      backend.release(this.#averages[k]!)
      this.#averages[k] = backend.write(state.params[k]!.arrays.average!)
    }
  }

  /** Its options, or a refusal. */
  #checkState(state: OptimizerState): Options {
    const { name, options: spec } = this.#definition
    const refuse = (what: string): never => {
      throw new RangeError(`${name}: this state does not fit: ${what}`)
    }
    checkState(state, refuse)
    if (state.name !== name) refuse(`it was saved by ${state.name}`)
    if (state.params.length !== this.#params.length)
      refuse(`it has ${state.params.length} parameters, here are ${this.#params.length}`)
    if (state.groups.length !== 1) refuse(`it has ${state.groups.length} groups, not one`)
    const updates = state.params[0]!.t
    for (const [k, { shape, t, arrays }] of state.params.entries()) {
      const param = this.#params[k]!
      if (String(shape) !== String(param.shape))
        refuse(`parameter ${k} has shape [${shape}] there, ${param} here`)
      const list = arrays.average
      if (list?.length !== param.size || !list.every((value) => typeof value === 'number'))
        refuse(`the average of parameter ${k} must be ${param.size} numbers`)
      if (t !== updates) refuse(`parameter ${k} has ${t} updates, parameter 0 has ${updates}`)
    }
    const options = { ...this.#options, ...state.groups[0]!.options }
    try {
      checkNames(name, spec, options)
      for (const [key, option] of Object.entries(spec)) checkOption(name, key, option, options[key])
    } catch (error) {
      refuse((error as Error).message)
    }
    return options
  }
}
