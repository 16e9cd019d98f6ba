import { rate } from '../backend/options.js'
import { nameOf, partsOf, type SchedulePart } from './combine.js'
import { scheduleOptions } from './define.js'
import { type NamedSchedule, named } from './named.js'
import { known, originOf } from './origin.js'

/**
 * A schedule that never falls below `least`: max(least, s(t)).
 * Source    Optax's end_value of exponential_decay, as a schedule of its own.   Tests  test/schedules/floor.test.ts
 * @throws RangeError unless least is a number ≥ 0
 * @example  floor(exponential({ peak: 0.1, gamma: 0.5 }), 0.01)   // 0.1, 0.05, 0.025, 0.0125, 0.01, 0.01, …
 */
export function floor(schedule: SchedulePart, least: number): NamedSchedule {
  const [part] = partsOf('floor', [schedule])
  scheduleOptions('floor', { least: rate() }, { least })
  return named(
    nameOf('floor', [part!]),
    (t) => Math.max(least, part!(t)),
    (graph, t, hypers) =>
      graph.apply('max', known(graph, hypers, least), originOf(part!)(graph, t, hypers)),
  )
}
