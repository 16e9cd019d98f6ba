import { period, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * Half a cosine from `peak` at t = 0 to `floor` at t = `total`, and `floor` from there on.
 *   floor + (peak − floor)·½·(1 + cos(π·t / total))
 * Source    Loshchilov & Hutter 2017, arXiv:1608.03983, eq. 5, without restarts.
 * Differs   stays at the floor; PyTorch's CosineAnnealingLR rises again after T_max.
 * Tests     test/schedules/cosine.test.ts
 */
export const cosine = defineSchedule({
  name: 'cosine',
  options: { peak: rate(), total: period(), floor: rate(0) },
  rule: (t, { peak, total, floor }) =>
    floor + (peak - floor) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, t / total))),
})
