import {
  checkNames,
  checkOption,
  type NumberOption,
  type OptionSpec,
  type Resolved,
  withDefaults,
} from '../backend/options.js'
import { type NamedSchedule, named } from './named.js'
import { ruleOf } from './origin.js'

type Needed<S extends OptionSpec> = {
  [K in keyof S as S[K] extends NumberOption<undefined> ? K : never]: Resolved<S>[K]
}
type Optional<S extends OptionSpec> = {
  [K in keyof S as S[K] extends NumberOption<undefined> ? never : K]?: Resolved<S>[K]
}
/** Options as a caller gives them: those without a default are needed. */
export type ScheduleOptions<S extends OptionSpec> = Needed<S> & Optional<S>

/** What `defineSchedule` takes. */
export interface ScheduleDefinition<S extends OptionSpec> {
  readonly name: string
  readonly options: S
  /** The rate at step t = 0, 1, … in closed form. */
  rule(t: number, options: Resolved<S>): number
  /** The rule's text as it was before bundling; the build fills it in. */
  readonly source?: string
  /** Refuses options that do not go together. */
  check?(options: Resolved<S>): void
}

/** The options over their defaults, each checked. `others` are names that the caller looks at itself. */
export function scheduleOptions<S extends OptionSpec>(
  name: string,
  spec: S,
  given: ScheduleOptions<S>,
  ...others: string[]
): Resolved<S> {
  checkNames(name, { ...spec, ...Object.fromEntries(others.map((other) => [other, true])) }, given)
  const options = withDefaults(name, spec, given)
  for (const [key, option] of Object.entries(spec)) checkOption(name, key, option, options[key])
  return options as Resolved<S>
}

/**
 * Makes a family of schedules of one closed form.
 * @example
 * const sawtooth = defineSchedule({
 *   name: 'sawtooth', options: { peak: rate(), every: period() },
 *   rule: (t, { peak, every }) => peak * (1 - (t / every - Math.floor(t / every))),
 * })
 * sawtooth({ peak: 0.1, every: 10 }).plot(50)
 */
export function defineSchedule<S extends OptionSpec>(
  definition: ScheduleDefinition<S>,
): (options: ScheduleOptions<S>) => NamedSchedule {
  const { name, options: spec } = definition
  const source = definition.source ?? definition.rule.toString()
  return (given) => {
    const options = scheduleOptions(name, spec, given)
    definition.check?.(options)
    return named(name, (t) => definition.rule(t, options), ruleOf(name, source, options))
  }
}
