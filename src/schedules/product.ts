import { nameOf, partsOf, type SchedulePart } from './combine.js'
import { type NamedSchedule, named } from './named.js'
import { originOf } from './origin.js'

/**
 * Schedules multiplied, step by step: a rate and factors of it. A number stands for itself at every step.
 * Source    PyTorch's ChainedScheduler, whose schedulers each multiply the rate.   Tests  test/schedules/product.test.ts
 * @throws RangeError if there is no schedule
 * @example  product(0.1, linear({ start: 0.5, end: 1, total: 10 }), stepDecay({ peak: 1, every: 15, gamma: 0.5 }))
 */
export function product(...schedules: readonly SchedulePart[]): NamedSchedule {
  const parts = partsOf('product', schedules)
  return named(
    nameOf('product', parts),
    (t) => parts.reduce((value, part) => value * part(t), 1),
    (graph, t, hypers) =>
      parts
        .map((part) => originOf(part)(graph, t, hypers))
        .reduce((value, part) => graph.apply('*', value, part)),
  )
}
