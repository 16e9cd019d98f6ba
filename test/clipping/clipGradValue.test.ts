import { clipGradValue, parameter } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import { gradients, withGradients } from '../support/gradients.js'

function clipped(grads: readonly (readonly number[])[], limit: number): number[][] {
  const params = withGradients(grads)
  clipGradValue(params, limit)
  return gradients(params)
}

test.each(goldenCases('clipping', 'clipping/clipGradValue'))('$impl: $id', (fixture) => {
  const { clip_value, max_delta } = fixture.args as { clip_value: number; max_delta: number }
  const ours = clipped(fixture.grads as number[][], clip_value ?? max_delta)
  for (const [i, theirs] of (fixture.clipped as number[][]).entries())
    expectGolden(ours[i]!, theirs, fixture.tol, `${fixture.id}, gradient ${i}`)
})

test('every element ends within the limit, and one that was within stays', () => {
  const values = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1e3, noNaN: true }), (grad, limit) => {
      const [after] = clipped([grad], limit)
      for (const [k, value] of grad.entries())
        expect(after![k]).toBe(Math.abs(value) <= limit ? value : Math.sign(value) * limit)
    }),
  )
})

test('a parameter without gradient is left alone', () => {
  const x = parameter(1)
  clipGradValue([x], 1)
  expect(x.grad).toBeNull()
})

test.each([
  [-0.5, 'clipGradValue: the limit must be ≥ 0, got -0.5'],
  [Number.NaN, 'clipGradValue: the limit must be ≥ 0, got NaN'],
  [1, 'clipGradValue: there must be at least one parameter, got none'],
])('refuses the limit %s of no parameters', (limit, message) => {
  expect(() => clipGradValue([], limit)).toThrow(new RangeError(message))
})
