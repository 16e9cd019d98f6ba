import { flag, period, positive, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * Half a cosine from `peak` at t = 0 to `floor` at t = `total`, and `floor` from there on.
 *   floor + (peak − floor)·( ½·(1 + cos(2π·cycles·min(1, t / total))) )^exponent
 * Source    Loshchilov & Hutter 2017, arXiv:1608.03983, eq. 5, without restarts.
 * Differs   stays at its last value; PyTorch's CosineAnnealingLR rises again after T_max: `wave: true`. `exponent` is
 *           Optax's, `cycles` Transformers' num_cycles (½: half a cosine).
 * Defaults  floor 0, cycles 0.5, exponent 1, wave false.   Tests  test/schedules/cosine.test.ts
 * @throws RangeError unless total is a whole number ≥ 1
 * @example  cosine({ peak: 0.1, total: 100 })   // 0.1 at 0, 0.05 at 50, 0 at 100 and after
 */
export const cosine = defineSchedule({
  name: 'cosine',
  options: {
    peak: rate(),
    total: period(),
    floor: rate(0),
    cycles: positive(0.5),
    exponent: positive(1),
    wave: flag(false),
  },
  rule(t, { peak, total, floor, cycles, exponent, wave }) {
    const turns = cycles * (wave ? t / total : Math.min(1, t / total))
    const turn = turns - Math.floor(turns + 0.5) // a GPU's cos is only good within [−π, π]
    const height = 0.5 * (1 + Math.cos(2 * Math.PI * turn))
    return floor + (peak - floor) * Math.max(0, height) ** exponent // and may fall below −1
  },
})
