import type { Schedule } from '../backend/options.js'
import { constant } from './constant.js'

/** A part of a schedule made of others: a number is that rate at every step. */
export type SchedulePart = number | Schedule

/** The parts as functions of the step. Refuses anything else, by position. */
export function partsOf(owner: string, parts: readonly SchedulePart[]): Schedule[] {
  if (parts.length === 0) throw new RangeError(`${owner}: needs at least one schedule, got none`)
  return parts.map((part, k) => {
    if (typeof part === 'function') return part
    if (typeof part === 'number') return constant(part)
    throw new TypeError(
      `${owner}: schedule ${k} must be a number or a function of the step, got ${typeof part}`,
    )
  })
}

/** "sequence(linear, cosine)". */
export const nameOf = (owner: string, parts: readonly Schedule[]): string =>
  `${owner}(${parts.map((part) => part.name || 'schedule').join(', ')})`
