import { period, positive, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * From `start` at t = 0 to `end` at t = `total` along a power of what is left, and `end` from there on.
 *   end + (start − end)·(1 − min(1, t / total))^power
 * Source    PyTorch's PolynomialLR (end = 0), Optax's polynomial_schedule.
 * Differs   Optax's transition_begin is a `sequence` with a constant.
 * Defaults  end 0, power 1 (a straight line).   Tests  test/schedules/polynomial.test.ts
 * @throws RangeError unless total is a whole number ≥ 1 and power > 0
 * @example  polynomial({ start: 0.1, total: 40, power: 2 })   // 0.1 at 0, 0.025 at 20, 0 at 40 and after
 */
export const polynomial = defineSchedule({
  name: 'polynomial',
  options: { start: rate(), end: rate(0), total: period(), power: positive(1) },
  rule: (t, { start, end, total, power }) =>
    end + (start - end) * (1 - Math.min(1, t / total)) ** power,
})
