import type { Schedule } from '../backend/options.js'
import type { ScheduleRow } from '../schedules/table.js'
import type { Figure } from './figure.js'
import { lines, type Series } from './lines.js'

/** Options of `schedulePlot`. */
export interface SchedulePlot {
  /** The last step shown of each schedule; every step from 0 is computed. A table brings its own steps. */
  steps?: number
  title?: string
  /** What the schedule is of. Default 'learning rate'. */
  yTitle?: string
  /** Values to mark with dots, such as those printed in a book: [step, rate]. */
  dots?: readonly (readonly [step: number, rate: number])[]
  /** What can be seen, in one sentence, for those who cannot. Default: title and axes. */
  alt?: string
}

/**
 * Schedules, or tables of them, against the step: one point a step, nothing left out or smoothed.
 * @throws RangeError when a schedule is given and steps is not a whole number ≥ 1
 * @example schedulePlot({ 'warmup + cosine': warmupCosine({ peak: 1e-3, warmup: 100, total: 1000 }) }, { steps: 1000 })
 * @example schedulePlot({ mine: table(schedule, [0, 50, 100]) })
 */
export function schedulePlot(
  schedules: Readonly<Record<string, Schedule | readonly ScheduleRow[]>>,
  { steps, title = 'Schedule', yTitle = 'learning rate', dots = [], alt }: SchedulePlot = {},
): Figure {
  const all: [string, readonly ScheduleRow[]][] = Object.entries(schedules).map(([name, given]) => [
    name,
    typeof given === 'function' ? every(given, steps) : given,
  ])
  const series: Series[] = all.map(([name, rows]) => ({ name, ...columns(rows) }))
  const printed = dots.map(([step, rate]) => ({ step, rate }))
  if (dots.length > 0) series.push({ name: 'printed values', ...columns(printed), markers: 'only' })
  return lines({ title, xTitle: 'step', yTitle, series, ...(alt !== undefined && { alt }) })
}

function every(schedule: Schedule, steps = Number.NaN): ScheduleRow[] {
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`schedulePlot: steps must be a whole number ≥ 1, got ${steps}`)
  return Array.from({ length: steps + 1 }, (_, step) => ({ step, rate: schedule(step) }))
}

function columns(rows: readonly ScheduleRow[]): { x: number[]; y: number[] } {
  return { x: rows.map(({ step }) => step), y: rows.map(({ rate }) => rate) }
}
