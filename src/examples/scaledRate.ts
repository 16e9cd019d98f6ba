import type { Schedule } from '../backend/options.js'
import { checkOption, choice, period, rate as rateOption } from '../backend/options.js'
import { warmupCosine } from '../schedules/warmupCosine.js'

/** What `scaledRate` scales. */
export interface ScaledRate {
  /** The rate that is known to work, and its batch size. */
  lr: number
  batch: number
  newBatch: number
  /** `'linear'` for SGD (k times the batch, k times the rate), `'square-root'` for Adam and its kin. Both are rules of thumb. */
  rule?: 'linear' | 'square-root'
}

/**
 * Worked example W9: a learning rate for a larger batch, 256 → 2048 with SGD: 0.1 → 0.8, to be reached by a warmup (`scaledSchedule`).
 * Source    Goyal et al. 2017, arXiv:1706.02677 (linear, SGD); Malladi et al. 2022, arXiv:2205.10287 (square root, Adam).
 * @throws RangeError for a rate below 0 or a batch below 1
 * @example scaledRate({ lr: 0.1, batch: 256, newBatch: 2048 }) // 0.8
 */
export function scaledRate({ lr, batch, newBatch, rule = 'linear' }: ScaledRate): number {
  checkOption('scaledRate', 'lr', rateOption(), lr)
  checkOption('scaledRate', 'batch', period(), batch)
  checkOption('scaledRate', 'newBatch', period(), newBatch)
  checkOption('scaledRate', 'rule', choice('linear', 'square-root'), rule)
  const times = newBatch / batch
  return lr * (rule === 'linear' ? times : Math.sqrt(times))
}

/**
 * The scaled rate as a schedule that warms up to it, since the first steps of a large batch are the dangerous ones.
 * @throws RangeError as `scaledRate` and `warmupCosine`
 * @example scaledSchedule({ lr: 0.1, batch: 256, newBatch: 2048, warmup: 100, total: 1000 })(100) // 0.8
 */
export function scaledSchedule({
  warmup,
  total,
  ...scaled
}: ScaledRate & { warmup: number; total: number }): Schedule {
  return warmupCosine({ peak: scaledRate(scaled), warmup, total })
}
