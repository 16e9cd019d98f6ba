/** A pure function of the step, counted from 0. Any numeric option of an optimizer may be one. */
export type Schedule = (step: number) => number

/** One numeric option: its default (none: it must be given) and the values it may have. */
export interface NumberOption<Default extends number | undefined = number | undefined> {
  readonly kind: 'number'
  readonly default: Default
  /** The rule as a message says it: "in [0, 1)". */
  readonly range: string
  /** Whether the value is in the range. */
  allows(value: number): boolean
}

/** One switch. A rule sees it as a test, and is compiled for the value at hand. */
export interface FlagOption {
  readonly kind: 'flag'
  readonly default: boolean
}

/** One word out of a few. A rule compares it, `convention === 'optax'`, and is compiled for the word at hand. */
export interface ChoiceOption<Word extends string = string> {
  readonly kind: 'choice'
  readonly default: Word
  readonly words: readonly Word[]
}

/** The options of a definition by name: what `defineOptimizer` and `defineSchedule` are given. */
export type OptionSpec = Readonly<Record<string, NumberOption | FlagOption | ChoiceOption>>

function option(range: string, allows: (value: number) => boolean) {
  function make(): NumberOption<undefined>
  function make(fallback: number): NumberOption<number>
  function make(fallback?: number): NumberOption {
    return { kind: 'number', default: fallback, range, allows }
  }
  return make
}

/** A learning rate, ≥ 0. Like all of these: `rate(0.01)` has a default, `rate()` must be given. */
export const rate = option('≥ 0', (value) => value >= 0)
/** A number ≥ 0: weight decay, momentum. */
export const nonNegative = option('≥ 0', (value) => value >= 0)
/** A number > 0: ε. */
export const positive = option('> 0', (value) => value > 0)
/** 0 ≤ value < 1: the decay of an average. */
export const fraction = option('in [0, 1)', (value) => value >= 0 && value < 1)
/** 0 ≤ value ≤ 1: dampening. */
export const share = option('in [0, 1]', (value) => value >= 0 && value <= 1)
/** A number of steps: 0, 1, 2, … */
export const count = option('a whole number ≥ 0', (value) => Number.isInteger(value) && value >= 0)
/** A number of steps that may not be 0. */
export const period = option('a whole number ≥ 1', (value) => Number.isInteger(value) && value >= 1)
/** A switch; always with a default. */
export const flag = (fallback: boolean): FlagOption => ({ kind: 'flag', default: fallback })

/** One word out of a few, the first is the default: `choice('torch', 'optax')`. */
export const choice = <Word extends string>(
  fallback: Word,
  ...others: Word[]
): ChoiceOption<Word> => ({ kind: 'choice', default: fallback, words: [fallback, ...others] })

/** What a rule is given: a number, a boolean or a word for each option. */
export type Resolved<Spec extends OptionSpec> = {
  readonly [K in keyof Spec]: Spec[K] extends FlagOption
    ? boolean
    : Spec[K] extends ChoiceOption<infer Word>
      ? Word
      : number
}

/** What came, for an error: of an object its kind alone, since it may be long. */
export const show = (value: unknown): string => {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null)
    return `an object (${Object.prototype.toString.call(value).slice(8, -1)})` // Promise, Array
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

/** Refuses a wrong name, kind or value: "adamw: beta2 must be in [0, 1), got 1". */
export function checkOption(
  owner: string,
  name: string,
  spec: OptionSpec[string],
  value: unknown,
): void {
  if (spec.kind === 'flag') {
    if (typeof value !== 'boolean')
      throw new TypeError(`${owner}: ${name} must be true or false, got ${show(value)}`)
    return
  }
  if (spec.kind === 'choice') {
    if (!spec.words.includes(value as string))
      throw new RangeError(
        `${owner}: ${name} must be ${spec.words.map(show).join(' or ')}, got ${show(value)}`,
      )
    return
  }
  if (typeof value !== 'number')
    throw new TypeError(`${owner}: ${name} must be a number, got ${show(value)}`)
  if (!spec.allows(value))
    throw new RangeError(`${owner}: ${name} must be ${spec.range}, got ${value}`)
  if (!Number.isFinite(value))
    throw new RangeError(`${owner}: ${name} must be finite, got ${value}`)
}

/** Refuses what is no options object, and names that are not in `spec`. */
export function checkNames(
  owner: string,
  spec: Readonly<Record<string, unknown>>,
  given: object,
): void {
  if (typeof given !== 'object' || given === null)
    throw new TypeError(
      `${owner}: options must be an object, such as { ${Object.keys(spec)[0]}: … }, got ${show(given)}`,
    )
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(spec, name))
      throw new TypeError(
        `${owner}: there is no option "${name}"; it takes ${Object.keys(spec).join(', ')}`,
      )
  }
}

/** `given` over the defaults, unchecked; an option without either is refused. */
export function withDefaults(
  owner: string,
  spec: OptionSpec,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [name, { default: fallback }] of Object.entries(spec)) {
    const value = given[name] === undefined ? fallback : given[name]
    if (value === undefined) throw new TypeError(`${owner}: ${name} is missing`)
    result[name] = value
  }
  return result
}

/** `given` over the defaults, each of them checked. */
export function checkedOptions<Spec extends OptionSpec>(
  owner: string,
  spec: Spec,
  given: object,
): Resolved<Spec> {
  checkNames(owner, spec, given)
  const all = withDefaults(owner, spec, { ...given })
  for (const [name, option] of Object.entries(spec)) checkOption(owner, name, option, all[name])
  return all as Resolved<Spec>
}
