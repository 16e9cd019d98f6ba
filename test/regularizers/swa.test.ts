import { parameter, swa } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { averagesOf, describeAverage, expectAveragedModel, move } from '../support/averages.js'
import { expectGolden, goldenCases } from '../support/golden.js'
import { numbers } from '../support/penalties.js'

test.each(goldenCases('averaging', 'regularizers/swa'))('$impl: $id', (fixture) => {
  const { start, every } = fixture.args as { start: number; every: number }
  expectAveragedModel(fixture, (params) => swa(params, { start, every }), start === 0)
})

describeAverage('swa', swa)

test('is the mean of the weights that it took in', () => {
  fc.assert(
    fc.property(fc.array(numbers(3), { minLength: 1, maxLength: 9 }), (walk) => {
      const w = parameter([0, 0, 0])
      const average = swa([w], { start: 1, every: 3 })
      for (const values of walk) {
        move(w, values)
        average.update()
      }
      const taken = walk.filter((_, k) => k >= 1 && (k - 1) % 3 === 0)
      expect(average.updates).toBe(taken.length)
      fc.pre(taken.length > 0)
      const mean = [0, 1, 2].map((i) => taken.reduce((sum, w) => sum + w[i]!, 0) / taken.length)
      expectGolden(averagesOf(average, [w])[0]!, mean, 1e-13, 'mean')
    }),
  )
})
