import type { Figure } from './figure.js'
import { lines, type Series } from './lines.js'

/** A schedule: the value of an option at step 0, 1, 2, … */
type Schedule = (step: number) => number

export interface SchedulePlot {
  /** The last step shown; every step from 0 is computed. */
  steps: number
  title?: string
  /** What the schedule is of. Default 'learning rate'. */
  yTitle?: string
  /** Values to mark with dots, such as those printed in a book: [step, value]. */
  dots?: readonly (readonly [step: number, value: number])[]
}

/**
 * Schedules against the step: one point a step, nothing left out or smoothed.
 * @throws RangeError when steps is not a whole number ≥ 1
 * @example schedulePlot({ 'warmup + cosine': warmupCosine({ peak: 1e-3, warmup: 100, total: 1000 }) }, { steps: 1000 })
 */
export function schedulePlot(
  schedules: Readonly<Record<string, Schedule>>,
  { steps, title = 'Schedule', yTitle = 'learning rate', dots = [] }: SchedulePlot,
): Figure {
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`schedulePlot: steps must be a whole number ≥ 1, got ${steps}`)
  const x = Array.from({ length: steps + 1 }, (_, step) => step)
  const series: Series[] = Object.entries(schedules).map(([name, schedule]) => ({
    name,
    x,
    y: x.map(schedule),
  }))
  if (dots.length > 0) {
    series.push({
      name: 'printed values',
      x: dots.map(([step]) => step),
      y: dots.map(([, value]) => value),
      markers: 'only',
    })
  }
  return lines({ title, xTitle: 'step', yTitle, series })
}
