import { period, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * A straight line from `start` at t = 0 to `end` at t = `total`, up or down, and `end` from there on.
 *   start + (end − start)·min(1, t / total)
 * Source    PyTorch's LinearLR, Optax's linear_schedule.
 * Differs   PyTorch gives factors of the group's rate, we give rates. `warmup` is the way up with other shapes.
 * Tests     test/schedules/linear.test.ts
 * @throws RangeError unless total is a whole number ≥ 1
 * @example  linear({ start: 0.1, end: 0.01, total: 40 })   // 0.1 at 0, 0.055 at 20, 0.01 at 40 and after
 */
export const linear = defineSchedule({
  name: 'linear',
  options: { start: rate(), end: rate(), total: period() },
  rule: (t, { start, end, total }) => start + (end - start) * Math.min(1, t / total),
})
