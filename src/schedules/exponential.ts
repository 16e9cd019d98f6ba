import { flag, positive, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * Multiplies the rate by `gamma` over every `every` steps, a little at each: peak·γ^(t / every). rate(0) = peak; no end.
 * `staircase` does it at once at the end of each: peak·γ^⌊t / every⌋, which is `stepDecay`.
 * Source    PyTorch's ExponentialLR (every = 1), Optax's exponential_decay.
 * Differs   Optax's transition_begin is a `sequence` with a constant, its end_value a `floor`.
 * Defaults  every 1, staircase false.   Tests  test/schedules/exponential.test.ts
 * @throws RangeError unless gamma and every are > 0
 * @example  exponential({ peak: 0.1, gamma: 0.5, every: 10 })   // 0.1 at 0, 0.0707 at 5, 0.05 at 10, 0.025 at 20
 */
export const exponential = defineSchedule({
  name: 'exponential',
  options: { peak: rate(), gamma: positive(), every: positive(1), staircase: flag(false) },
  rule: (t, { peak, gamma, every, staircase }) =>
    peak * gamma ** (staircase ? Math.floor(t / every) : t / every),
})
