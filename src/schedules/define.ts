import {
  checkNames,
  checkOption,
  type NumberOption,
  type Schedule,
  withDefaults,
} from '../backend/options.js'

type Spec = Readonly<Record<string, NumberOption>>
type Needed<S extends Spec> = {
  [K in keyof S as S[K] extends NumberOption<number> ? never : K]: number
}
type Optional<S extends Spec> = {
  [K in keyof S as S[K] extends NumberOption<number> ? K : never]?: number
}
/** Options as a caller gives them: those without a default are needed. */
export type ScheduleOptions<S extends Spec> = Needed<S> & Optional<S>

/** What `defineSchedule` takes. */
export interface ScheduleDefinition<S extends Spec> {
  readonly name: string
  readonly options: S
  /** The rate at step t = 0, 1, … in closed form. */
  rule(t: number, options: { readonly [K in keyof S]: number }): number
  /** The rule's text as it was before bundling; the build fills it in. */
  readonly source?: string
  /** Refuses options that do not go together. */
  check?(options: { readonly [K in keyof S]: number }): void
}

/** How a schedule was made, for targets that compile it. */
export interface ScheduleOrigin {
  readonly name: string
  readonly source: string
  readonly options: Readonly<Record<string, number>>
}

const origins = new WeakMap<Schedule, ScheduleOrigin>()

/** A plain function of the step is its own source, as long as it uses nothing from outside. */
export const originOf = (schedule: Schedule): ScheduleOrigin =>
  origins.get(schedule) ?? { name: 'schedule', source: schedule.toString(), options: {} }

/** Makes a family of schedules of one closed form. */
export function defineSchedule<S extends Spec>(
  definition: ScheduleDefinition<S>,
): (options: ScheduleOptions<S>) => Schedule {
  const { name, options: spec } = definition
  return (given) => {
    checkNames(name, spec, given)
    const options = withDefaults(name, spec, given) as { [K in keyof S]: number }
    for (const [key, option] of Object.entries(spec)) checkOption(name, key, option, options[key])
    definition.check?.(options)
    const schedule: Schedule = (t) => definition.rule(t, options)
    origins.set(schedule, {
      name,
      source: definition.source ?? definition.rule.toString(),
      options,
    })
    return schedule
  }
}
