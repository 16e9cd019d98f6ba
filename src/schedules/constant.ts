import { rate, type Schedule } from '../backend/options.js'
import { defineSchedule } from './define.js'

const define = defineSchedule({
  name: 'constant',
  options: { rate: rate() },
  rule: (_t, { rate }) => rate,
})

/** The same rate at every step. @throws RangeError unless it is ≥ 0 */
export const constant = (value: number): Schedule => define({ rate: value })
