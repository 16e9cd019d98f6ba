import { positive, rate } from '../backend/options.js'
import { scheduleOptions } from './define.js'
import { type NamedSchedule, named } from './named.js'
import { known } from './origin.js'

const spec = { peak: rate(), gamma: positive(0.1) }

/** Options of `multiStep`. */
export interface MultiStep {
  peak: number
  /** Steps from which on the rate is `gamma` times what it was; one that is named twice counts twice. */
  milestones: readonly number[]
  /** Default 0.1. */
  gamma?: number
}

/**
 * Multiplies the rate by `gamma` at each milestone: peak·γ^(number of milestones ≤ t). rate(0) = peak.
 * Source    PyTorch's MultiStepLR.   Defaults  gamma 0.1.   Tests  test/schedules/multiStep.test.ts
 * @throws RangeError unless the milestones are whole numbers ≥ 1 that never fall
 * @example  multiStep({ peak: 0.1, milestones: [30, 80] })   // 0.1 for steps 0–29, 0.01 for 30–79, then 0.001
 */
export function multiStep(given: MultiStep): NamedSchedule {
  const { peak, gamma } = scheduleOptions('multiStep', spec, given, 'milestones')
  if (!Array.isArray(given.milestones))
    throw new TypeError(
      `multiStep: milestones must be a list of steps, got ${typeof given.milestones}`,
    )
  const milestones = [...given.milestones] // the caller's list may change
  for (const [k, milestone] of milestones.entries())
    if (!Number.isInteger(milestone) || milestone < (milestones[k - 1] ?? 1))
      throw new RangeError(
        `multiStep: milestones must be whole numbers ≥ 1 that never fall, got ${milestones.join(', ')}`,
      )
  return named(
    'multiStep',
    (t) => peak * gamma ** milestones.filter((milestone) => milestone <= t).length,
    (graph, t, hypers) => {
      const one = graph.number(1)
      const factor = known(graph, hypers, gamma)
      return milestones.reduce(
        (value, milestone) => {
          const before = graph.apply('<', t, known(graph, hypers, milestone))
          return graph.apply('*', value, graph.apply('?', before, one, factor))
        },
        known(graph, hypers, peak),
      )
    },
  )
}
