import type { DeviceArray } from '../backend/backend.js'
import {
  checkNames,
  checkOption,
  choice,
  type OptionSpec,
  period,
  positive,
  withDefaults,
} from '../backend/options.js'
import { program } from '../backend/rule.js'
import { copyOf } from '../nn/copy.js'
import type { Tensor } from '../nn/tensor.js'
import { checkNumbers, checkState } from './checkState.js'
import type { GroupOptions } from './define.js'
import { type Group, Optimizer } from './optimizer.js'
import type { OptimizerState } from './state.js'

const spec = {
  k: period(5),
  alpha: positive(0.5),
  anchor: choice('start', 'first-sync', 'first-step'),
  onSync: choice('keep', 'reset-momentum', 'pull-momentum', 'reset'),
}

/** Options of `lookahead`. */
export interface LookaheadOptions {
  /** Steps of the base between two synchronizations. */
  k?: number
  /** How far the slow weights follow the fast ones each time. */
  alpha?: number
  /** Where the slow weights start: where training starts, or where the first synchronization finds the fast ones. */
  anchor?: 'start' | 'first-sync' | 'first-step'
  /** What becomes of the base's state when the weights are put back. */
  onSync?: 'keep' | 'reset-momentum' | 'pull-momentum' | 'reset'
}

/** What is kept for each parameter: the slow weights, and the momentum at the last synchronization. */
interface Slow {
  p?: DeviceArray
  m?: DeviceArray
}

/** `lookahead(…)`: an optimizer around another. */
export class Lookahead<Spec extends OptionSpec = Record<never, never>> {
  readonly #base: Optimizer<Spec>
  readonly #options: Required<LookaheadOptions>
  readonly #slow = new Map<Tensor, Slow>()
  #calls = 0
  #fast: Map<Tensor, DeviceArray> | undefined

  constructor(base: Optimizer<Spec>, options: LookaheadOptions) {
    if (!(base instanceof Optimizer))
      throw new TypeError(
        `lookahead: expected an optimizer, got ${typeof base}; lookahead(adamw(params))`,
      )
    checkNames('lookahead', spec, options)
    const all = withDefaults('lookahead', spec, { ...options })
    for (const [name, option] of Object.entries(spec))
      checkOption('lookahead', name, option, all[name])
    this.#base = base
    this.#options = all as unknown as Required<LookaheadOptions>
    const { onSync } = this.#options
    if (onSync.endsWith('momentum') && !base.hasState('m'))
      throw new RangeError(
        `lookahead: ${onSync} needs a base that keeps a momentum m, ${base.name} keeps none; take "keep" or "reset"`,
      )
  }

  /** "lookahead(sgd)". */
  get name(): string {
    return `lookahead(${this.#base.name})`
  }

  /** The base's groups. */
  get groups(): Group<Spec>[] {
    return this.#base.groups
  }

  /** How often `step()` was called. */
  get steps(): number {
    return this.#calls
  }

  /** Its slow weights are what `evaluate()` shows. */
  readonly averages = true

  /** Adds parameters to the base. */
  addGroup(group: GroupOptions<Spec>): void {
    this.#base.addGroup(group)
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    this.#base.zeroGrad()
  }

  /** One step of the base; after every k-th, each parameter that moved goes back to α between its slow and its fast weights. */
  step(): void {
    if (this.#fast)
      throw new Error(
        `${this.name}: the slow weights are in the parameters; call train() before step()`,
      )
    const params = this.groups.flatMap((group) => group.params)
    const before = params.map((param) => {
      const slow = this.#slowOf(param)
      if (this.#options.anchor === 'start') slow.p ??= copyOf(param)
      return this.#base.stateOf(param).t
    })
    this.#base.step()
    this.#calls += 1
    const { k, anchor } = this.#options
    if (anchor === 'first-step' ? (this.#calls - 1) % k !== 0 : this.#calls % k !== 0) return
    for (const [index, param] of params.entries())
      if (this.#base.stateOf(param).t > before[index]!) this.#synchronize(param)
  }

  #slowOf(param: Tensor): Slow {
    let slow = this.#slow.get(param)
    if (!slow) {
      slow = {}
      this.#slow.set(param, slow)
    }
    return slow
  }

  #synchronize(param: Tensor): void {
    const { alpha, onSync } = this.#options
    const slow = this.#slowOf(param)
    const between = (a: DeviceArray, b: DeviceArray): DeviceArray =>
      param.backend.map(program('(a, b, { alpha }) => [a + alpha * (b - a)]'), [a, b], {
        hypers: { alpha },
      })[0]!
    const old = slow.p
    slow.p = old ? between(old, param.array) : copyOf(param)
    if (old) param.backend.release(old)
    param.replace(copyOf({ backend: param.backend, array: slow.p }))
    const state = this.#base.stateOf(param)
    const { backend } = param
    const { m } = state.arrays
    const zeros = () => backend.write(new Float64Array(param.size))
    if (onSync === 'reset') {
      for (const array of Object.values(state.arrays)) backend.release(array)
      Object.assign(state, { t: 0, joined: this.#base.steps, arrays: {}, scalars: {} })
    } else if (m && onSync === 'reset-momentum') {
      backend.release(m)
      state.arrays.m = zeros()
    } else if (m && onSync === 'pull-momentum') {
      const before = slow.m ?? zeros()
      slow.m = between(before, m)
      for (const array of [before, m]) backend.release(array)
      state.arrays.m = copyOf({ backend, array: slow.m })
    }
  }

  /** Puts the slow weights into the parameters, to measure or to save them. */
  evaluate(): void {
    if (this.#fast) return
    this.#fast = new Map()
    for (const [param, { p }] of this.#slow) {
      if (!p) continue
      this.#fast.set(param, param.array)
      param.array = copyOf({ backend: param.backend, array: p })
    }
  }

  /** Puts the fast weights back, after `evaluate()`. */
  train(): void {
    for (const [param, array] of this.#fast ?? []) param.replace(array)
    this.#fast = undefined
  }

  /** The base's state, with the slow weights (`slow`) and momenta (`slowM`) beside each parameter's own. */
  async stateDict(): Promise<OptimizerState> {
    if (this.#fast)
      throw new Error(
        `${this.name}: the slow weights are in the parameters; call train() before stateDict()`,
      )
    const calls = this.#calls
    const read = async ({ backend }: Tensor, array?: DeviceArray) =>
      array && [...(await backend.read(array))]
    // All reads begin now: a step before they are done does not get into the state.
    const slows = this.groups
      .flatMap((group) => group.params)
      .map((param) => {
        const { p, m } = this.#slowOf(param)
        return Promise.all([read(param, p), read(param, m)])
      })
    const state = await this.#base.stateDict()
    for (const [k, [slow, slowM]] of (await Promise.all(slows)).entries())
      Object.assign(state.params[k]!.arrays, { ...(slow && { slow }), ...(slowM && { slowM }) })
    return { ...state, name: this.name, own: { numbers: { calls }, arrays: {} } }
  }

  /**
   * Goes on where `stateDict()` was taken.
   * @throws RangeError naming what does not fit; nothing is changed then
   */
  loadStateDict(state: OptimizerState): void {
    const refuse = (what: string): never => {
      throw new RangeError(`${this.name}: this state does not fit: ${what}`)
    }
    if (this.#fast)
      throw new Error(
        `${this.name}: the slow weights are in the parameters; call train() before loadStateDict()`,
      )
    checkState(state, refuse)
    if (state.name !== this.name) refuse(`it was saved by ${state.name}`)
    const calls = state.own?.numbers.calls as number
    if (!(Number.isSafeInteger(calls) && calls >= 0))
      refuse(`calls is ${calls}, not a number of steps`)
    const slows: Slow[] = []
    const all = this.groups.flatMap((group) => group.params)
    const params = state.params.map(({ arrays, ...rest }, k) => {
      const { slow, slowM, ...own } = arrays
      const param = all[k]
      for (const [name, values] of Object.entries({ slow, slowM })) {
        if (!values || !param) continue
        if (values.length !== param.size)
          refuse(
            `${name} of parameter ${k} has ${values.length} values, ${param} has ${param.size}`,
          )
        checkNumbers(values, `${name} of parameter ${k}`, refuse)
      }
      const write = (values?: number[]) => values && param?.backend.write(values)
      slows.push({ ...(slow && { p: write(slow)! }), ...(slowM && { m: write(slowM)! }) })
      return { ...rest, arrays: own }
    })
    this.#base.loadStateDict({ ...state, name: this.#base.name, params })
    this.#calls = calls
    for (const [k, param] of all.entries()) this.#slow.set(param, slows[k]!)
  }
}

/**
 * Lookahead: an optimizer explores with fast weights; every k steps slow weights follow a part of the way, and the fast ones restart there.
 *   every k-th step:  s ← s + α·(p − s),  p ← s
 * Source    Zhang, Lucas, Ba & Hinton 2019, arXiv:1907.08610, Alg. 1; s starts where training starts, as in pytorch-optimizer and Optax.
 * Differs   anchor: 'first-sync': s starts at the first synchronization, which so changes nothing (timm) · 'first-step': the same after steps
 *           1, 1+k, 1+2k, … (torch-optimizer) · onSync: 'reset-momentum', 'pull-momentum' (towards the momentum at the last one; pytorch-optimizer),
 *           'reset': all of the base's state (Optax's reset_state)
 * Defaults  k = 5, α = 0.5, the paper's.   Memory  1 float a parameter beside the base's.   Tests  test/optimizers/lookahead.test.ts
 * A parameter without gradient at a synchronization keeps its weights until the next.
 * @throws RangeError for an option out of its range, or a base without momentum where one is asked for
 * @example  lookahead(adamw(params, { lr: 1e-3 }), { k: 5, alpha: 0.5 })
 */
export function lookahead<Spec extends OptionSpec>(
  base: Optimizer<Spec>,
  options: LookaheadOptions = {},
): Lookahead<Spec> {
  return new Lookahead(base, options)
}
