import { choice, period, rate } from '../backend/options.js'
import { type ScheduleOptions, scheduleOptions } from './define.js'
import { ease } from './ease.js'
import { type NamedSchedule, renamed } from './named.js'

const spec = {
  start: rate(),
  end: rate(),
  total: period(10),
  shape: choice('cosine', 'linear'),
}

/**
 * To the rate at which weights are averaged (SWA): from `start` at t = 0 to `end` at t = `total`, up or down, and there.
 *   start + (end − start)·f      cosine: f = ½·(1 − cos(π·t / total))      linear: f = t / total
 * Source    Izmailov et al. 2018, arXiv:1803.05407; PyTorch's SWALR.
 * Differs   PyTorch's starts from the rate that it finds; ours is told: a part of a `sequence`, where averaging begins.
 * Defaults  total 10, shape cosine.   Tests  test/schedules/swalr.test.ts
 * @throws RangeError unless total is a whole number ≥ 1
 * @example  sequence([cosine({ peak: 0.1, total: 200 }), swalr({ start: 0.05, end: 0.02 })], [100])
 */
export function swalr(given: ScheduleOptions<typeof spec>): NamedSchedule {
  const { total, ...options } = scheduleOptions('swalr', spec, given)
  return renamed('swalr', ease({ ...options, steps: total }))
}
