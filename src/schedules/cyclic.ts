import { choice, fraction, period, positive, rate } from '../backend/options.js'
import { defineSchedule, type ScheduleOptions, scheduleOptions } from './define.js'
import { type NamedSchedule, renamed } from './named.js'

const cycle = {
  up: period(2000),
  mode: choice('triangular', 'triangular2', 'expRange'),
  gamma: positive(1),
}
const options = { floor: rate(), peak: rate(), ...cycle, down: period() }

const define = defineSchedule({
  name: 'cyclic',
  options,
  rule(t, { floor, peak, up, down, mode, gamma }) {
    const n = Math.floor(t / (up + down))
    const into = t - n * (up + down)
    const height = into <= up ? into / up : (up + down - into) / down
    const scale = mode === 'triangular2' ? 2 ** -n : mode === 'expRange' ? gamma ** t : 1
    return floor + (peak - floor) * height * scale
  },
})

const withDown = <T extends { up?: number; down?: number }>(given: T): T & { down: number } => ({
  ...given,
  down: given.down ?? given.up ?? cycle.up.default,
})

/** Options of `cyclic`. */
export type Cyclic = Omit<ScheduleOptions<typeof options>, 'down'> & {
  /** Steps from the peak back to the floor. Default: as many as up. */
  down?: number
}

/**
 * Straight up from `floor` to `peak` in `up` steps, straight down in `down`, again and again. rate(0) = floor; no end.
 *   floor + (peak − floor)·height·scale     height: 0 → 1 → 0 over up + down steps; in the n-th cycle (n = 0, 1, …)
 *   triangular: scale = 1      triangular2: scale = 2⁻ⁿ      expRange: scale = γᵗ
 * Source    Smith 2017, arXiv:1506.01186; PyTorch's CyclicLR.
 * Differs   a scale_fn of your own is a `lambda`; the momentum that PyTorch moves along is `cyclicMomentum`.
 * Defaults  up 2000, down = up, mode triangular, gamma 1.   Tests  test/schedules/cyclic.test.ts
 * @throws RangeError unless up and down are whole numbers ≥ 1 and gamma > 0
 * @example  cyclic({ floor: 0.01, peak: 0.1, up: 8 })   // 0.01 at 0, 0.1 at 8, 0.01 at 16, 0.1 at 24
 */
export const cyclic = (given: Cyclic): NamedSchedule => define(withDown(given))

const momenta = { ...cycle, down: period(), base: fraction(0.8), max: fraction(0.9) }

/** Options of `cyclicMomentum`. */
export type CyclicMomentum = Omit<ScheduleOptions<typeof momenta>, 'down'> & { down?: number }

/**
 * The momentum to a `cyclic` rate: `max` where the rate is lowest, `base` where it is highest. momentum(0) = max.
 *   max − (max − base)·height·scale
 * Source    PyTorch's CyclicLR with cycle_momentum (for Adam: its beta1).
 * Defaults  base 0.8, max 0.9; up, down, mode, gamma as `cyclic`.   Tests  test/schedules/cyclic.test.ts
 * @example  sgd(params, { lr: cyclic({ floor: 0.01, peak: 0.1, up: 8 }), momentum: cyclicMomentum({ up: 8 }) })
 */
export function cyclicMomentum(given: CyclicMomentum = {}): NamedSchedule {
  const { base, max, ...rest } = scheduleOptions('cyclicMomentum', momenta, withDown(given))
  return renamed('cyclicMomentum', define({ ...rest, floor: max, peak: base }))
}
