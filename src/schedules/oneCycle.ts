import {
  choice,
  flag,
  fraction,
  period,
  positive,
  type Resolved,
  rate,
} from '../backend/options.js'
import { type ScheduleOptions, scheduleOptions } from './define.js'
import { ease } from './ease.js'
import { type NamedSchedule, renamed } from './named.js'
import { sequence } from './sequence.js'

const phases = {
  total: period(),
  rise: fraction(0.3),
  shape: choice('cosine', 'linear'),
  threePhase: flag(false),
}
const rates = { ...phases, peak: rate(), div: positive(25), finalDiv: positive(1e4) }
const momenta = { ...phases, base: fraction(0.85), max: fraction(0.95) }

/**
 * Up from `peak / div` to `peak` in the first share `rise` of the steps, then down to `peak / (div·finalDiv)` at the last
 * step, total − 1, and there. With `threePhase` back down as fast as up, then on to the end. rate(0) = peak / div.
 * The top is at step rise·total − 1, which may be a fraction.
 * Source    Smith & Topin 2018, arXiv:1708.07120; PyTorch's OneCycleLR.
 * Differs   PyTorch refuses steps past the last. Optax's tops are at ⌊pct_start·steps⌋ and its end one step later:
 *           `piecewise` (docs/schedules.md). The momentum that PyTorch moves along is `oneCycleMomentum`.
 * Defaults  rise 0.3, shape cosine, threePhase false, div 25, finalDiv 1e4.   Tests  test/schedules/oneCycle.test.ts
 * @throws RangeError unless the top lies after step 0 and every phase begins before the last step
 * @example  oneCycle({ peak: 0.1, total: 100 })   // 0.004 at 0, 0.1 at 29, 0.05 at 64, 4e-7 at 99
 */
export function oneCycle(given: ScheduleOptions<typeof rates>): NamedSchedule {
  const { peak, div, finalDiv, ...cycle } = scheduleOptions('oneCycle', rates, given)
  const low = peak / div
  return phasesOf('oneCycle', cycle, [low, peak, low, low / finalDiv])
}

/**
 * The momentum to a `oneCycle` rate: from `max` down to `base` while the rate rises, back up while it falls, and there.
 * Source    PyTorch's OneCycleLR with cycle_momentum (for Adam: its beta1).
 * Defaults  base 0.85, max 0.95; rise, shape, threePhase as `oneCycle`.   Tests  test/schedules/oneCycle.test.ts
 * @example  sgd(params, { lr: oneCycle({ peak: 0.1, total: 100 }), momentum: oneCycleMomentum({ total: 100 }) })
 */
export function oneCycleMomentum(given: ScheduleOptions<typeof momenta>): NamedSchedule {
  const { base, max, ...cycle } = scheduleOptions('oneCycleMomentum', momenta, given)
  return phasesOf('oneCycleMomentum', cycle, [max, base, max, max])
}

/** Through four values: at step 0, at the top, back down (passed by without threePhase), at the last step. */
function phasesOf(
  name: string,
  { total, rise, shape, threePhase }: Resolved<typeof phases>,
  [first, top, back, last]: [number, number, number, number],
): NamedSchedule {
  const up = rise * total - 1
  const rest = total - 1 - (threePhase ? 2 : 1) * up
  if (up <= 0) throw new RangeError(`${name}: rise · total must be > 1, got ${rise} · ${total}`)
  if (rest <= 0)
    throw new RangeError(`${name}: with threePhase rise must be < (1 + 1 / total) / 2, got ${rise}`)
  const rising = ease({ start: first, end: top, steps: up, shape })
  const ending = ease({ start: threePhase ? back : top, end: last, steps: rest, shape })
  if (!threePhase) return renamed(name, sequence([rising, ending], [up]))
  const falling = ease({ start: top, end: back, steps: up, shape })
  return renamed(name, sequence([rising, falling, ending], [up, 2 * up]))
}
