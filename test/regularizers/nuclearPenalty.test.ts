import { nuclearPenalty, parameter, tensor } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import {
  describePenalty,
  expectNothingAtZero,
  expectPenalty,
  numbers,
} from '../support/penalties.js'

test.each(goldenCases('regularizers', 'regularizers/nuclearPenalty'))('$impl: $id', (fixture) => {
  const { lambda } = fixture.args as { lambda: number }
  expectPenalty(fixture, (w) => nuclearPenalty([w], lambda))
})

describePenalty('nuclearPenalty', nuclearPenalty, [2, 3])

test('zeros cost nothing and have no slope', () => expectNothingAtZero(nuclearPenalty, [2, 3]))

test('the singular values of a diagonal matrix are its numbers; 0 has no slope', () => {
  const w = parameter([
    [3, 0, 0],
    [0, -1e-3, 0],
    [0, 0, 0],
  ])
  const value = nuclearPenalty([w], 1)
  value.backward()
  expectGolden(value.itemSync(), 3.001, 1e-14, 'penalty')
  expectGolden(w.grad!.dataSync(), [1, 0, 0, 0, -1, 0, 0, 0, 0], 1e-14, 'slope')
})

test('of rank 1 it is the product of the lengths, also for huge numbers', () => {
  fc.assert(
    fc.property(numbers(2), numbers(3), (u, v) => {
      fc.pre([u, v].every((values) => Math.hypot(...values) > 1e-3))
      const outer = u.flatMap((a) => v.map((b) => a * b * 1e200))
      const value = nuclearPenalty([tensor(outer, { shape: [2, 3] })], 1).itemSync()
      expectGolden(value / 1e200, Math.hypot(...u) * Math.hypot(...v), 1e-12, 'penalty')
    }),
  )
})

test('refuses what is no matrix', () => {
  expect(() => nuclearPenalty([parameter(1)], 1)).toThrow(
    new RangeError('nuclearPenalty: each must be a matrix, got tensor [] on reference'),
  )
})
