import { count, period, rate } from '../backend/options.js'
import { defineSchedule, type ScheduleOptions } from './define.js'
import type { NamedSchedule } from './named.js'

const options = { peak: rate(), warmup: count(), timescale: period() }

const define = defineSchedule({
  name: 'inverseSqrt',
  options,
  rule: (t, { peak, warmup, timescale }) =>
    t < warmup ? (peak * t) / warmup : peak / Math.sqrt(1 + (t - warmup) / timescale),
})

/** Options of `inverseSqrt`. */
export type InverseSqrt = Omit<ScheduleOptions<typeof options>, 'timescale'> & {
  /** Steps after the warmup until the rate is peak / √2. Default: as long as the warmup, 10,000 without one. */
  timescale?: number
}

/**
 * Linear warmup to `peak`, then one over the square root of the step. rate(0) = 0 (with a warmup), rate(warmup) = peak; no end.
 *   t < W:  peak·t / W        else:  peak / √(1 + (t − W) / timescale), which is peak·√(W / t) for timescale = W
 * Source    Vaswani et al. 2017, arXiv:1706.03762, eq. 3 (with peak = (d_model·W)^−½); Transformers' get_inverse_sqrt_schedule.
 * Defaults  timescale = warmup, or 10,000 without warmup, as in Transformers.   Tests  test/schedules/inverseSqrt.test.ts
 * @throws RangeError unless warmup is a whole number ≥ 0 and timescale one ≥ 1
 * @example  inverseSqrt({ peak: 1e-3, warmup: 100 })   // 0 at 0, 0.001 at 100, 0.0005 at 400
 */
export const inverseSqrt = (given: InverseSqrt): NamedSchedule =>
  define({ ...given, timescale: given.timescale ?? (given.warmup || 10_000) })
