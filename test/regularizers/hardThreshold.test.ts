import { hardThreshold } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import { numbers } from '../support/penalties.js'
import { describeProjection, projected } from '../support/projections.js'

test.each(goldenCases('regularizers', 'regularizers/hardThreshold'))('$impl: $id', (fixture) => {
  const { lambd } = fixture.args as { lambd: number }
  const { data } = fixture.w as { data: number[] }
  const { data: theirs } = fixture.result as { data: number[] }
  expectGolden(projected(hardThreshold, data, lambd), theirs, fixture.tol, fixture.id)
})

describeProjection('hardThreshold', hardThreshold)

test('leaves what is larger, makes the rest 0, and a second time changes nothing', () => {
  fc.assert(
    fc.property(numbers(5), fc.double({ min: 0, max: 100, noNaN: true }), (weights, amount) => {
      const once = projected(hardThreshold, weights, amount)
      expect(once).toEqual(weights.map((w) => (Math.abs(w) > amount ? w : 0)))
      expect(projected(hardThreshold, once, amount)).toEqual(once)
    }),
  )
})

test('the amount itself is not enough, and NaN is not hidden', () => {
  expect(projected(hardThreshold, [0.5, -0.5, Number.NaN], 0.5)).toEqual([0, 0, Number.NaN])
})
