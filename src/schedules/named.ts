import type { Schedule } from '../backend/options.js'
import type { BackendName } from '../backend/use.js'
import type { Figure } from '../plots/figure.js'
import { type SchedulePlot, schedulePlot } from '../plots/schedule-plot.js'
import { type Build, originOf, remember } from './origin.js'
import { type ScheduleRow, table } from './table.js'

/** A schedule that the library made: a function of the step that also has a name, a table and a plot. */
export interface NamedSchedule extends Schedule {
  /** "warmupCosine". */
  readonly name: string
  /** `table(schedule, steps)`. */
  table(steps: number | readonly number[]): ScheduleRow[]
  /** The same points, computed by one kernel of that backend. */
  table(
    steps: number | readonly number[],
    options: { backend: BackendName },
  ): Promise<ScheduleRow[]>
  /**
   * The rate at each step from 0 to `steps`, drawn.
   * @example warmupCosine({ peak: 1e-3, warmup: 100, total: 1000 }).plot(1000)
   */
  plot(steps: number, options?: Omit<SchedulePlot, 'steps'>): Figure
}

/** Gives a function of the step its name, table and plot, and remembers how a kernel computes it. */
export function named(name: string, value: Schedule, build: Build): NamedSchedule {
  const schedule: Schedule = (step) => value(step)
  remember(schedule, build)
  return Object.defineProperties(schedule, {
    name: { value: name },
    table: { value: table.bind(undefined, schedule) },
    plot: {
      value: (steps: number, options: Omit<SchedulePlot, 'steps'> = {}) =>
        schedulePlot({ [name]: schedule }, { title: name, ...options, steps }),
    },
  }) as NamedSchedule
}

/** A schedule made of others under a name of its own. */
export const renamed = (name: string, schedule: Schedule): NamedSchedule =>
  named(name, schedule, originOf(schedule))
