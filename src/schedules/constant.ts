import { rate } from '../backend/options.js'
import { defineSchedule } from './define.js'
import type { NamedSchedule } from './named.js'

const define = defineSchedule({
  name: 'constant',
  options: { rate: rate() },
  rule: (_t, { rate }) => rate,
})

/** The same rate at every step. @throws RangeError unless it is ≥ 0 */
export const constant = (value: number): NamedSchedule => define({ rate: value })
