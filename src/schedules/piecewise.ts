import { choice, rate } from '../backend/options.js'
import { constant } from './constant.js'
import { type ScheduleOptions, scheduleOptions } from './define.js'
import { ease } from './ease.js'
import { type NamedSchedule, renamed } from './named.js'
import { sequence } from './sequence.js'

const spec = { start: rate(), shape: choice('constant', 'linear', 'cosine') }

/** Options of `piecewise`. */
export type Piecewise = ScheduleOptions<typeof spec> & {
  /** Step → what the rate is multiplied by there: `{ 30: 0.1, 80: 0.1 }`. */
  scales: Readonly<Record<number, number>>
}

/**
 * A rate that is multiplied by `scales[b]` at each step b. With v₀ = start, vₖ = vₖ₋₁·scales[bₖ]:
 *   constant: vₖ from step bₖ on      linear, cosine: from vₖ₋₁ at bₖ₋₁ to vₖ at bₖ, and the last v from there on
 * rate(0) = start.
 * Source    Optax's piecewise_constant_schedule and piecewise_interpolate_schedule; PyTorch's ConstantLR is one.
 * Defaults  shape constant.   Tests  test/schedules/piecewise.test.ts
 * @throws RangeError unless the steps are whole numbers ≥ 1 and the scales ≥ 0
 * @example  piecewise({ start: 0.1, scales: { 10: 0.5, 40: 0.1 } })   // 0.1 for steps 0–9, 0.05 for 10–39, then 0.005
 */
export function piecewise(given: Piecewise): NamedSchedule {
  const { start, shape } = scheduleOptions('piecewise', spec, given, 'scales')
  if (typeof given.scales !== 'object' || !given.scales)
    throw new TypeError(
      `piecewise: scales must be given as { step: scale }, got ${typeof given.scales}`,
    )
  const scales = Object.entries(given.scales)
    .map(([step, scale]) => ({ step: Number(step), scale }))
    .sort((a, b) => a.step - b.step)
  const values = [start]
  for (const { step, scale } of scales) {
    if (!Number.isInteger(step) || step < 1)
      throw new RangeError(`piecewise: a step of scales must be a whole number ≥ 1, got ${step}`)
    if (!(scale >= 0 && Number.isFinite(scale)))
      throw new RangeError(`piecewise: the scale at step ${step} must be ≥ 0, got ${scale}`)
    values.push(values.at(-1)! * scale)
  }
  const steps = scales.map(({ step }) => step)
  const parts = values.map((value, k) => {
    if (shape === 'constant' || k === steps.length) return constant(value)
    const length = steps[k]! - (steps[k - 1] ?? 0)
    return ease({ start: value, end: values[k + 1]!, steps: length, shape })
  })
  return renamed('piecewise', sequence(parts, steps))
}
