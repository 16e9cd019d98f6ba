import { count, period, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * Linear warmup to `peak`, then half a cosine to `floor`, and `floor` from step `total` on.
 * t counts from 0: rate(0) = 0, rate(warmup) = peak; `total` includes the warmup.
 *   t < W:  peak·t / W        else:  floor + (peak − floor)·½·(1 + cos(π·(t − W) / (total − W)))
 * Source    Transformers' get_cosine_schedule_with_warmup and Optax's warmup_cosine_decay_schedule agree on it.
 * Differs   stays at the floor; Transformers' rises again after the last step.
 * Tests     test/schedules/warmupCosine.test.ts
 * @throws RangeError if total ≤ warmup
 * @example  warmupCosine({ peak: 1e-3, warmup: 100, total: 1000 })   // 0 at 0, 0.0005 at 50, 0.001 at 100, 0 at 1000
 */
export const warmupCosine = defineSchedule({
  name: 'warmupCosine',
  options: { peak: rate(), warmup: count(), total: period(), floor: rate(0) },
  check({ warmup, total }) {
    if (total <= warmup)
      throw new RangeError(`warmupCosine: total must be > warmup (${warmup}), got ${total}`)
  },
  rule: (t, { peak, warmup, total, floor }) =>
    t < warmup
      ? (peak * t) / warmup
      : floor +
        (peak - floor) *
          0.5 *
          (1 + Math.cos(Math.PI * Math.min(1, (t - warmup) / (total - warmup)))),
})
