import { choice, count, period, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * Warmup, stable, decay: up to `peak` in `warmup` steps, `stable` steps there, down to `floor` in `decay` steps, and there.
 * t counts from 0: rate(0) = floor (peak without warmup); the total is warmup + stable + decay. With u, d = the share of
 * warmup or decay that is done:
 *   floor + (peak − floor)·f      rise  linear: f = u      cosine: f = ½·(1 − cos(π·u))      sqrt: f = 1 − √(1 − u)
 *                                 fall  linear: f = 1 − d  cosine: f = ½·(1 + cos(π·d))      sqrt: f = 1 − √d
 * Source    Hu et al. 2024, arXiv:2404.06395, sec. 4; Transformers' get_wsd_schedule. The fall `sqrt`: Hägele et al. 2024, arXiv:2405.18392.
 * Differs   Transformers' num_cycles of the fall is not offered.
 * Defaults  floor 0, rise linear, fall cosine.   Tests  test/schedules/wsd.test.ts
 * @throws RangeError unless warmup and stable are whole numbers ≥ 0, decay one ≥ 1
 * @example  wsd({ peak: 1e-3, warmup: 10, stable: 30, decay: 20 })   // 0 at 0, 0.001 from 10 to 40, 0.0005 at 50, 0 at 60
 */
export const wsd = defineSchedule({
  name: 'wsd',
  options: {
    peak: rate(),
    warmup: count(),
    stable: count(),
    decay: period(),
    floor: rate(0),
    rise: choice('linear', 'cosine', 'sqrt'),
    fall: choice('cosine', 'linear', 'sqrt'),
  },
  rule(t, { peak, warmup, stable, decay, floor, rise, fall }) {
    const u = Math.min(1, t / warmup)
    const risen =
      rise === 'cosine'
        ? 0.5 * (1 - Math.cos(Math.PI * u))
        : rise === 'sqrt'
          ? 1 - Math.sqrt(1 - u)
          : u
    const d = Math.max(0, Math.min(1, (t - warmup - stable) / decay))
    const left =
      fall === 'cosine'
        ? 0.5 * (1 + Math.cos(Math.PI * d))
        : fall === 'sqrt'
          ? 1 - Math.sqrt(d)
          : 1 - d
    return floor + (peak - floor) * (t < warmup ? risen : left)
  },
})
