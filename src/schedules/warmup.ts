import { choice, count, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * From `start` up to `peak` in `warmup` steps, and `peak` from there on.
 * t counts from 0: rate(0) = start, rate(warmup) = peak. With u = t / W:
 *   start + (peak − start)·f(u)      linear: f = u      cosine: f = ½·(1 − cos(π·u))      sqrt: f = 1 − √(1 − u)
 * Source    Transformers' get_constant_schedule_with_warmup, Optax's warmup_constant_schedule; the shapes are those of
 *           Transformers' get_wsd_schedule.
 * Differs   any other shape is a `sequence` of your own and a constant.
 * Defaults  start 0, shape linear.   Tests  test/schedules/warmup.test.ts
 * @throws RangeError unless warmup is a whole number ≥ 0
 * @example  warmup({ peak: 1e-3, warmup: 10 })   // 0 at 0, 0.0005 at 5, 0.001 at 10 and after
 */
export const warmup = defineSchedule({
  name: 'warmup',
  options: {
    peak: rate(),
    warmup: count(),
    start: rate(0),
    shape: choice('linear', 'cosine', 'sqrt'),
  },
  rule(t, { peak, warmup, start, shape }) {
    const u = Math.min(1, t / warmup)
    const risen =
      shape === 'cosine'
        ? 0.5 * (1 - Math.cos(Math.PI * u))
        : shape === 'sqrt'
          ? 1 - Math.sqrt(1 - u)
          : u
    return t < warmup ? start + (peak - start) * risen : peak
  },
})
