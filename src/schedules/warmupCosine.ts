import { count, flag, period, positive, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * Linear warmup to `peak`, then half a cosine to `floor`, and `floor` from step `total` on.
 * t counts from 0: rate(0) = start, rate(warmup) = peak; `total` includes the warmup.
 *   t < W:  start + (peak − start)·t / W
 *   else:   floor + (peak − floor)·( ½·(1 + cos(2π·cycles·min(1, (t − W) / (total − W)))) )^exponent
 * Source    Transformers' get_cosine_schedule_with_warmup and Optax's warmup_cosine_decay_schedule agree on it.
 * Differs   stays at the floor; Transformers' rises again after the last step: `wave: true`. `start` and `exponent` are
 *           Optax's, `cycles` Transformers' num_cycles.
 * Defaults  start 0, floor 0, cycles 0.5, exponent 1, wave false.   Tests  test/schedules/warmupCosine.test.ts
 * @throws RangeError if total ≤ warmup
 * @example  warmupCosine({ peak: 1e-3, warmup: 100, total: 1000 })   // 0 at 0, 0.0005 at 50, 0.001 at 100, 0 at 1000
 */
export const warmupCosine = defineSchedule({
  name: 'warmupCosine',
  options: {
    peak: rate(),
    warmup: count(),
    total: period(),
    start: rate(0),
    floor: rate(0),
    cycles: positive(0.5),
    exponent: positive(1),
    wave: flag(false),
  },
  check({ warmup, total }) {
    if (total <= warmup)
      throw new RangeError(`warmupCosine: total must be > warmup (${warmup}), got ${total}`)
  },
  rule(t, { peak, warmup, total, start, floor, cycles, exponent, wave }) {
    const after = (t - warmup) / (total - warmup)
    const turns = cycles * (wave ? after : Math.min(1, after))
    const turn = turns - Math.floor(turns + 0.5) // a GPU's cos is only good within [−π, π]
    const height = 0.5 * (1 + Math.cos(2 * Math.PI * turn))
    return t < warmup
      ? start + ((peak - start) * t) / warmup
      : floor + (peak - floor) * Math.max(0, height) ** exponent // and may fall below −1
  },
})
