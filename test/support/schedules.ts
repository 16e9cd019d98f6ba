import type { Schedule } from 'downhill'
import fc from 'fast-check'
import { expect } from 'vitest'
import { expectGolden, type Fixture } from './golden.js'

/** PyTorch and Transformers: one schedule a group, made from the group's lr; compared up to `last` where conventions part. */
export function expectLrs(
  fixture: Fixture,
  make: (lr: number) => Schedule,
  last = fixture.steps as number,
): void {
  for (const [g, { lr }] of (fixture.groups as { lr: number }[]).entries()) {
    const schedule = make(lr)
    const theirs = (fixture.lrs as number[][])[g]!.slice(0, last + 1)
    expect(theirs.length).toBe(last + 1)
    expectGolden(
      theirs.map((_, t) => schedule(t)),
      theirs,
      fixture.tol,
      `${fixture.id}, group ${g}`,
    )
  }
}

/** Optax: values[t] = schedule(t). */
export function expectValues(fixture: Fixture, schedule: Schedule): void {
  const theirs = fixture.values as number[]
  expect(theirs.length).toBe((fixture.steps as number) + 1)
  expectGolden(
    theirs.map((_, t) => schedule(t)),
    theirs,
    fixture.tol,
    fixture.id,
  )
}

/** Rates, and a step that may lie past the end. */
export const rates = fc.double({ min: 0, max: 10, noNaN: true })
export const step = fc.nat({ max: 2000 })

export function expectWithin(value: number, low: number, high: number): void {
  const slack = 1e-12 * Math.max(1, high)
  expect(value).toBeGreaterThanOrEqual(low - slack)
  expect(value).toBeLessThanOrEqual(high + slack)
}
