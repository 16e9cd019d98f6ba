import {
  checkNames,
  checkOption,
  type FlagOption,
  flag,
  type OptionSpec,
  type Resolved,
  type Schedule,
  withDefaults,
} from '../backend/options.js'
import {
  type CompileOptions,
  compileRule,
  type Program,
  type Rule,
  toProgram,
} from '../backend/rule.js'
import type { Tensor } from '../nn/tensor.js'
import { Optimizer } from './optimizer.js'

/** One number for each name: the state of a parameter element. */
type Numbers<State extends readonly string[]> = { [K in keyof State]: number }

/** What `defineOptimizer` takes. */
export interface OptimizerDefinition<State extends readonly string[], Spec extends OptionSpec> {
  readonly name: string
  readonly options: Spec
  /** Names of the numbers kept for each parameter element, all 0 at first. */
  readonly state: State
  /**
   * The new value of one parameter element and of its state, from the old ones, the gradient g, the options and the
   * step count t = 1, 2, … Written as the equation reads: the compiler computes what depends on options alone once a step.
   */
  rule(
    p: number,
    g: number,
    ...rest: [...Numbers<State>, Resolved<Spec> & { readonly t: number }]
  ): number[]
  /** The rule's text as it was before bundling; the build fills it in. */
  readonly source?: string
  /** Refuses options that do not go together. */
  check?(options: Resolved<Spec>): void
}

/** Options as a caller gives them: every number may be a schedule. `maximize` climbs instead of descending. */
export type OptimizerOptions<Spec extends OptionSpec> = {
  -readonly [K in keyof Spec]?: Spec[K] extends FlagOption ? boolean : number | Schedule
} & { maximize?: boolean }

/** Parameters with options of their own: `{ params: [bias], weightDecay: 0 }`. */
export type GroupOptions<Spec extends OptionSpec> = {
  params: readonly Tensor[]
} & OptimizerOptions<Spec>

/** What `defineOptimizer` makes: called with parameters (or groups of them) and options, it gives an `Optimizer`. */
export interface OptimizerFactory<Spec extends OptionSpec> {
  (
    params: readonly Tensor[] | readonly GroupOptions<Spec>[],
    options?: OptimizerOptions<Spec>,
  ): Optimizer<Spec>
  readonly compiler: OptimizerCompiler
}

/** Any optimizer, whatever its options: what `trace` and comparisons take. */
export interface AnyOptimizer {
  (params: never, options?: never): Pick<Optimizer, 'name' | 'step' | 'zeroGrad' | 'stateDict'>
  readonly compiler: OptimizerCompiler
}

/** The options of an optimizer: `OptionsOf<typeof adam>`. */
export type OptionsOf<Factory> =
  Factory extends OptimizerFactory<infer Spec> ? OptimizerOptions<Spec> : never

/** One compiled form of the rule: the program of a step, and which arrays its outputs replace. */
export interface Variant {
  readonly rule: Rule
  readonly program: Program
  /** "p" or the name of a state, one for each output. */
  readonly updates: readonly string[]
}

/** What an optimizer and `trace` need of a definition: its options, checked, and its rule, compiled for them. */
export class OptimizerCompiler {
  readonly spec: OptionSpec
  readonly #variants = new Map<string, Variant>()

  constructor(readonly definition: OptimizerDefinition<readonly string[], OptionSpec>) {
    this.spec = { ...definition.options, maximize: flag(false) }
  }

  get name(): string {
    return this.definition.name
  }

  get state(): readonly string[] {
    return this.definition.state
  }

  /** The options over the defaults; unknown names and missing options are refused. */
  complete(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
    checkNames(this.name, this.spec, given)
    return withDefaults(this.name, this.spec, given)
  }

  /** The options at one step: schedules are evaluated, every value is checked. */
  at(options: Readonly<Record<string, unknown>>, step: number): Record<string, number | boolean> {
    const values: Record<string, number | boolean> = {}
    for (const [name, spec] of Object.entries(this.spec)) {
      const option = options[name]
      const value = typeof option === 'function' && spec.kind === 'number' ? option(step) : option
      checkOption(this.name, name, spec, value)
      values[name] = value as number | boolean
    }
    this.definition.check?.(values as never)
    return values
  }

  /** The rule for these options. Flags, and whether a number is 0, are settled while compiling, schedules apart. */
  variant(options: Readonly<Record<string, unknown>>): Variant {
    const statics: Record<string, number> = {}
    const nonzero = new Set<string>()
    for (const name of Object.keys(this.spec)) {
      const value = options[name]
      if (typeof value === 'boolean' || value === 0) statics[name] = Number(value)
      else if (typeof value === 'number') nonzero.add(name)
    }
    const key = JSON.stringify([statics, [...nonzero]])
    const found = this.#variants.get(key)
    if (found) return found
    const made = this.#compile({ statics, nonzero, ...(statics.maximize ? { negated: 1 } : {}) })
    this.#variants.set(key, made)
    return made
  }

  #compile(options: CompileOptions): Variant {
    const { definition, name, state } = this
    const source = definition.source ?? definition.rule.toString()
    const rule = compileRule(source, { ...options, name })
    if (rule.inputs.length !== state.length + 2)
      throw new TypeError(
        `${name}: the rule must take p, g, ${[...state, '{ options }'].join(', ')}`,
      )
    if (rule.outputs.length !== state.length + 1)
      throw new TypeError(
        `${name}: the rule must return [${['p', ...state].join(', ')}], got ${rule.outputs.length} values`,
      )
    const targets = ['p', ...state]
    const olds = [rule.inputs[0], ...rule.inputs.slice(2)]
    const changed = rule.outputs
      .map((output, k) => ({ output, target: targets[k]!, old: olds[k] }))
      .filter(({ output, old }) => output !== old)
    const program = toProgram(changed.map(({ output }) => output))
    return { rule, program, updates: changed.map(({ target }) => target) }
  }
}

/**
 * Makes an optimizer of one scalar rule.
 * @example
 * const signSgd = defineOptimizer({
 *   name: 'signSgd', options: { lr: rate(0.01) }, state: [],
 *   rule: (p, g, { lr }) => [p - lr * Math.sign(g)],
 * })
 * @throws SyntaxError on the first use, if the rule uses what no backend can compute
 */
export function defineOptimizer<const State extends readonly string[], Spec extends OptionSpec>(
  definition: OptimizerDefinition<State, Spec>,
): OptimizerFactory<Spec> {
  const compiler = new OptimizerCompiler(definition as never)
  const factory = (
    params: readonly Tensor[] | readonly GroupOptions<Spec>[],
    options: OptimizerOptions<Spec> = {},
  ) => new Optimizer<Spec>(compiler, params, options)
  Object.defineProperty(factory, 'name', { value: definition.name })
  return Object.assign(factory, { compiler })
}
