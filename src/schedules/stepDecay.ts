import { period, positive, rate } from '../backend/options.js'
import { defineSchedule } from './define.js'

/**
 * Multiplies the rate by `gamma` after every `every` steps: peak·γ^⌊t / every⌋, t = 0, 1, …
 * Source    PyTorch's StepLR. Defaults  gamma 0.1.   Tests  test/schedules/stepDecay.test.ts
 * @example  stepDecay({ peak: 1e-3, every: 10, gamma: 0.5 })   // 1e-3 for steps 0–9, then 5e-4, 2.5e-4, …
 */
export const stepDecay = defineSchedule({
  name: 'stepDecay',
  options: { peak: rate(), every: period(), gamma: positive(0.1) },
  rule: (t, { peak, every, gamma }) => peak * gamma ** Math.floor(t / every),
})
