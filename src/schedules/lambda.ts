import { rate, type Schedule } from '../backend/options.js'
import { scheduleOptions } from './define.js'
import { type NamedSchedule, named } from './named.js'
import { known, originOf } from './origin.js'

/** The function that a schedule is made of, if it is one. */
export function factorOf(owner: string, factor: Schedule): Schedule {
  if (typeof factor === 'function') return factor
  throw new TypeError(`${owner}: factor must be a function of the step, got ${typeof factor}`)
}

/**
 * Any function of the step, times `peak`: peak·factor(t). rate(0) = peak·factor(0).
 * Source    PyTorch's LambdaLR.   Defaults  peak 1.   Tests  test/schedules/lambda.test.ts
 * @throws TypeError unless factor is a function
 * @example  lambda((t) => 1 / (1 + 0.1 * t), { peak: 0.1 })   // 0.1 at 0, 0.05 at 10
 */
export function lambda(factor: Schedule, options: { peak?: number } = {}): NamedSchedule {
  const of = factorOf('lambda', factor)
  const { peak } = scheduleOptions('lambda', { peak: rate(1) }, options)
  return named(
    'lambda',
    (t) => peak * of(t),
    (graph, t, hypers) =>
      graph.apply('*', known(graph, hypers, peak), originOf(of)(graph, t, hypers)),
  )
}
