import { count, period, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * Linear warmup to `peak`, then a straight line to `floor`, and `floor` from step `total` on.
 * t counts from 0: rate(0) = start, rate(warmup) = peak; `total` includes the warmup.
 *   t < W:  start + (peak − start)·t / W        else:  floor + (peak − floor)·(1 − min(1, (t − W) / (total − W)))
 * Source    Transformers' get_linear_schedule_with_warmup (start and floor 0).
 * Defaults  start 0, floor 0.   Tests  test/schedules/warmupLinear.test.ts
 * @throws RangeError if total ≤ warmup
 * @example  warmupLinear({ peak: 1e-3, warmup: 10, total: 60 })   // 0 at 0, 0.001 at 10, 0.0005 at 35, 0 at 60 and after
 */
export const warmupLinear = defineSchedule({
  name: 'warmupLinear',
  options: { peak: rate(), warmup: count(), total: period(), start: rate(0), floor: rate(0) },
  check({ warmup, total }) {
    if (total <= warmup)
      throw new RangeError(`warmupLinear: total must be > warmup (${warmup}), got ${total}`)
  },
  rule: (t, { peak, warmup, total, start, floor }) =>
    t < warmup
      ? start + ((peak - start) * t) / warmup
      : floor + (peak - floor) * (1 - Math.min(1, (t - warmup) / (total - warmup))),
})
