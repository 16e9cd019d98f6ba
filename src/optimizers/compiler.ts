import { checkNames, checkOption, flag, type OptionSpec, withDefaults } from '../backend/options.js'
import type { Program } from '../backend/rule.js'
import type { OptimizerDefinition, TensorDefinition } from './define.js'
import { compileAverage, compileVariant, type Variant } from './variant.js'

/** The options of one step. */
export type Values = Record<string, number | boolean | string>

/** A definition whose types the compiler need not know. */
export type ElementDefinition = OptimizerDefinition<readonly string[], OptionSpec, string>
type AnyDefinition = ElementDefinition | TensorDefinition<readonly string[], OptionSpec>

/** What an optimizer and `trace` need of a definition: its options, checked, and its rule, compiled for them. */
export class OptimizerCompiler {
  readonly spec: OptionSpec
  readonly #entries: readonly (readonly [string, OptionSpec[string]])[]
  readonly #variants = new Map<string, Variant>()
  #average: Program | undefined

  constructor(readonly definition: AnyDefinition) {
    checkNamesOf(definition)
    this.spec = { ...definition.options, maximize: flag(false) }
    this.#entries = Object.entries(this.spec)
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
  at(options: Readonly<Record<string, unknown>>, step: number): Values {
    const values: Values = {}
    for (const [name, spec] of this.#entries) {
      const option = options[name]
      const value = typeof option === 'function' && spec.kind === 'number' ? option(step) : option
      checkOption(this.name, name, spec, value)
      values[name] = value as Values[string]
    }
    this.definition.check?.(values as never)
    return values
  }

  /** The program that gives the averaged weight of each element, if the definition has one. */
  get average(): Program | undefined {
    if (!('average' in this.definition)) return undefined
    this.#average ??= compileAverage(this.definition)
    return this.#average
  }

  /** How many numbers each state holds for a tensor of this shape; 0: this shape has no such state. */
  lengthOf(name: string, shape: readonly number[]): number {
    const { definition } = this
    if ('lengths' in definition) return definition.lengths(shape)[name] ?? 0
    return definition.tensorState?.includes(name) ? 1 : shape.reduce((n, length) => n * length, 1)
  }

  /** Whether the host keeps numbers for each tensor. */
  get advances(): boolean {
    return 'advance' in this.definition && this.definition.advance !== undefined
  }

  /** The host's numbers for the step that `options.t` counts, from those of the step before. */
  scalars(before: Record<string, number>, options: Values): Record<string, number> {
    const { definition } = this
    if (!('advance' in definition) || !definition.advance) return {}
    const first = () => definition.scalars?.(options as never) ?? {}
    return definition.advance(options.t === 1 ? first() : before, options as never)
  }

  /** First value of a state array: a number, or a copy of what is given. */
  start(name: string, options: Values): number | 'p' {
    const start = this.definition.start?.[name]
    return typeof start === 'function' ? start(options as never) : (start ?? 0)
  }

  /**
   * The rule for these options. Flags, words, and whether a number is 0, are settled while compiling, schedules apart.
   * `scaled`: for a gradient that has a factor beside it.
   */
  variant(options: Readonly<Record<string, unknown>>, scaled = false): Variant {
    const statics: Record<string, number | string> = {}
    const nonzero = new Set<string>()
    for (const name of Object.keys(this.spec)) {
      const value = options[name]
      if (typeof value === 'string') statics[name] = value
      else if (typeof value === 'boolean' || value === 0) statics[name] = Number(value)
      else if (typeof value === 'number') nonzero.add(name)
    }
    const key = JSON.stringify([statics, [...nonzero], scaled])
    let found = this.#variants.get(key)
    if (!found) {
      const options = {
        statics,
        nonzero,
        ...(statics.maximize ? { negated: 1 } : {}),
        ...(scaled ? { scaled: 1 } : {}),
      }
      found = compileVariant(this.definition as ElementDefinition, options)
      this.#variants.set(key, found)
    }
    return found
  }
}

/** What a rule or a group finds under a name already. */
const taken = 'params maximize t calls dims size sum mean norm globalNorm'.split(' ')

/** Refuses names that mean something else already: the definition would silently not do what it says. */
function checkNamesOf({ name, options, state }: AnyDefinition): void {
  const refuse = (what: string, why: string): never => {
    throw new RangeError(`${name}: ${what} cannot be called so, ${why}; take another name`)
  }
  for (const option of Object.keys(options))
    if (taken.includes(option) || option in {})
      refuse(`the option "${option}"`, 'a group or a rule has something else of that name')
  for (const [k, one] of state.entries())
    if (one === 'p' || one in {} || state.indexOf(one) < k)
      refuse(`the state "${one}"`, one === 'p' ? 'p is the parameter' : 'the name is taken')
}
