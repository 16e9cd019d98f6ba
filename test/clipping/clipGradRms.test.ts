import { clipGradRms, parameter } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import { gradients, withGradients } from '../support/gradients.js'

function clipped(grads: readonly (readonly number[])[], limit: number): number[][] {
  const params = withGradients(grads)
  clipGradRms(params, limit)
  return gradients(params)
}

test.each(goldenCases('clipping', 'clipping/clipGradRms'))('$impl: $id', (fixture) => {
  const { threshold } = fixture.args as { threshold: number }
  const ours = clipped(fixture.grads as number[][], threshold)
  for (const [i, theirs] of (fixture.clipped as number[][]).entries())
    expectGolden(ours[i]!, theirs, fixture.tol, `${fixture.id}, gradient ${i}`)
})

test('no root mean square rises or ends above the limit; one below it stays, and so does the direction', () => {
  const values = fc.array(fc.double({ min: -1e200, max: 1e200, noNaN: true }), {
    minLength: 1,
    maxLength: 8,
  })
  const rms = (grad: readonly number[]) => Math.hypot(...grad) / Math.sqrt(grad.length)
  fc.assert(
    fc.property(
      fc.array(values, { minLength: 1, maxLength: 3 }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      (grads, limit) => {
        for (const [k, after] of clipped(grads, limit).entries()) {
          const before = grads[k]!
          expect(rms(after)).toBeLessThanOrEqual(Math.min(limit, rms(before)) * (1 + 1e-12))
          if (rms(before) < limit * (1 - 1e-12)) expect(after).toEqual(before)
          const factor = Math.max(1, rms(before) / limit)
          for (const [i, g] of before.entries())
            expect(Math.abs(after[i]! - g / factor)).toBeLessThanOrEqual(limit * 1e-12)
        }
      },
    ),
  )
})

test('each tensor is clipped by itself; one without gradient is left alone', () => {
  const [small, large] = withGradients([
    [0.5, -0.5],
    [30, -40],
  ])
  const without = parameter(1)
  clipGradRms([small!, large!, without], 1)
  expect(gradients([small!])).toEqual([[0.5, -0.5]])
  expectGolden(gradients([large!])[0]!, [0.6 * Math.SQRT2, -0.8 * Math.SQRT2], 1e-15, 'gradient')
  expect(without.grad).toBeNull()
})

test.each([
  [0, 'clipGradRms: the limit must be > 0, got 0'],
  [Number.NaN, 'clipGradRms: the limit must be > 0, got NaN'],
  [1, 'clipGradRms: there must be at least one parameter, got none'],
])('refuses the limit %s of no parameters', (limit, message) => {
  expect(() => clipGradRms([], limit)).toThrow(new RangeError(message))
})
