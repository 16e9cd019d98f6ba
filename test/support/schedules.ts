import type { Schedule } from 'downhill'
import fc from 'fast-check'
import { expect } from 'vitest'

/** Rates, lengths, factors, and a step that may lie past the end. */
export const rates = fc.double({ min: 0, max: 10, noNaN: true })
export const lengths = fc.integer({ min: 1, max: 1000 })
export const factors = fc.double({ min: 1e-3, max: 1, noNaN: true })
export const step = fc.nat({ max: 2000 })

/** A floor and a peak. */
export const range = fc
  .tuple(rates, rates)
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)

export function expectWithin(value: number, low: number, high: number): void {
  const slack = 1e-12 * Math.max(1, high)
  expect(value).toBeGreaterThanOrEqual(low - slack)
  expect(value).toBeLessThanOrEqual(high + slack)
}

export function expectNear(value: number, target: number): void {
  expectWithin(value, target, target)
}

/** After its end a schedule gives what it gave there. */
export function expectHeld(schedule: Schedule, end: number, later: number): void {
  expect(schedule(end + later)).toBe(schedule(end))
}

/** The closed form gives what the recursion gives that others write: each rate from the one before. */
export function expectRecursion(
  schedule: Schedule,
  steps: number,
  next: (before: number, t: number) => number,
): void {
  let value = schedule(0)
  for (let t = 1; t <= steps; t++) {
    value = next(value, t)
    expect(Math.abs(schedule(t) - value)).toBeLessThanOrEqual(1e-11 * Math.max(1, value))
  }
}

/** A row of a table of refusals: what is given, the kind of error, its whole text. */
export type Refusal = [
  unknown,
  ErrorConstructor | TypeErrorConstructor | RangeErrorConstructor,
  string,
]

/** The call throws exactly this. */
export function expectRefusal(call: () => unknown, kind: Refusal[1], message: string): void {
  expect(call).toThrow(new kind(message))
}
