import { rate, type Schedule } from '../backend/options.js'
import { scheduleOptions } from './define.js'
import { factorOf } from './lambda.js'
import { type NamedSchedule, named } from './named.js'

/**
 * The rate before, times a function of the step: peak·factor(1)·factor(2)·…·factor(t). rate(0) = peak; factor(0) is never asked.
 * The products are kept, so `factor` must give the same for the same step.
 * Source    PyTorch's MultiplicativeLR.   Defaults  peak 1.   Tests  test/schedules/multiplicative.test.ts
 * @throws TypeError unless factor is a function
 * @example  multiplicative((t) => (t % 10 === 0 ? 0.5 : 1), { peak: 0.1 })   // 0.1 for steps 0–9, 0.05 for 10–19, …
 */
export function multiplicative(factor: Schedule, options: { peak?: number } = {}): NamedSchedule {
  const of = factorOf('multiplicative', factor)
  const { peak } = scheduleOptions('multiplicative', { peak: rate(1) }, options)
  const rates = [peak]
  return named(
    'multiplicative',
    (t) => {
      const step = Math.max(0, Math.floor(t))
      for (let k = rates.length; k <= step; k++) rates.push(rates[k - 1]! * of(k))
      return rates[step]!
    },
    () => {
      throw new TypeError(
        'multiplicative: a product over all steps before is no closed form, so no kernel computes it; leave out { backend }',
      )
    },
  )
}
