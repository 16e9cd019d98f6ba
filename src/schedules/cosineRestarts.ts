import { positive, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * Half a cosine from `peak` to `floor` again and again: the first takes `period` steps, each further one `growth` times
 * as many. rate(0) = peak; no end. For the n-th (n = 0, 1, …), which begins at Bₙ and takes Tₙ = period·growthⁿ steps:
 *   floor + (peak − floor)·½·(1 + cos(π·(t − Bₙ) / Tₙ))
 * Source    Loshchilov & Hutter 2017, arXiv:1608.03983, eq. 5; PyTorch's CosineAnnealingWarmRestarts.
 * Differs   T_mult may be a fraction ≥ 1. t may be one too, as an epoch in step(epoch). Optax's sgdr_schedule, with a peak for
 *           each, is a `sequence` of `warmupCosine`.
 * Defaults  growth 1, floor 0.   Tests  test/schedules/cosineRestarts.test.ts
 * @throws RangeError unless period > 0 and growth ≥ 1
 * @example  cosineRestarts({ peak: 0.1, period: 10, growth: 2 })   // 0.1 at 0, 0.05 at 5, 0.1 at 10, 0.05 at 20, 0.1 at 30
 */
export const cosineRestarts = defineSchedule({
  name: 'cosineRestarts',
  options: { peak: rate(), period: positive(), growth: positive(1), floor: rate(0) },
  check({ growth }) {
    if (growth < 1) throw new RangeError(`cosineRestarts: growth must be ≥ 1, got ${growth}`)
  },
  rule(t, { peak, period, growth, floor }) {
    const restarts =
      growth === 1 ? t / period : Math.log(1 + (t / period) * (growth - 1)) / Math.log(growth)
    const n = Math.floor(restarts + 1e-9) // a logarithm rounds: log 1000 / log 10 < 3
    const begin = growth === 1 ? n * period : (period * (growth ** n - 1)) / (growth - 1)
    const done = (t - begin) / (period * growth ** n)
    return floor + (peak - floor) * 0.5 * (1 + Math.cos(Math.PI * done))
  },
})
