import { cosine, cosineRestarts } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import { expectRefusal, expectWithin, lengths, type Refusal, range } from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/cosineRestarts'))(
  'PyTorch: $id',
  (fixture) => {
    expectDocumented('schedulers_torch', fixture)
  },
)

test.each(goldenCases('schedulers_transformers', 'schedules/cosineRestarts'))(
  'Transformers: $id',
  (fixture) => {
    expectDocumented('schedulers_transformers', fixture)
  },
)

test('is cosine again and again, each growth times as long', () => {
  fc.assert(
    fc.property(
      range,
      lengths,
      fc.integer({ min: 1, max: 4 }),
      fc.nat({ max: 6 }),
      fc.nat(),
      ([floor, peak], period, growth, n, into) => {
        let begin = 0
        for (let k = 0; k < n; k++) begin += period * growth ** k
        const total = period * growth ** n
        const schedule = cosineRestarts({ peak, period, growth, floor })
        const t = into % total
        expect(schedule(begin + t)).toBeCloseTo(cosine({ peak, total, floor })(t), 9)
      },
    ),
  )
})

test('stays between floor and peak, also for a growth and steps that are fractions', () => {
  const growths = fc.double({ min: 1, max: 3, noNaN: true })
  const steps = fc.double({ min: 0, max: 2000, noNaN: true })
  fc.assert(
    fc.property(range, lengths, growths, steps, ([floor, peak], period, growth, t) => {
      expectWithin(cosineRestarts({ peak, period, growth, floor })(t), floor, peak)
    }),
  )
})

test.each([2, 3, 5, 10])(
  'begins again exactly where it should with growth %d, though logarithms round',
  (growth) => {
    const schedule = cosineRestarts({ peak: 1, period: 9, growth })
    for (let n = 1; n <= 8; n++) expect(schedule((9 * (growth ** n - 1)) / (growth - 1))).toBe(1)
  },
)

test.each<Refusal>([
  [{ peak: 1 }, TypeError, 'cosineRestarts: period is missing'],
  [{ peak: 1, period: 0 }, RangeError, 'cosineRestarts: period must be > 0, got 0'],
  [{ peak: 1, period: 9, growth: 0.5 }, RangeError, 'cosineRestarts: growth must be ≥ 1, got 0.5'],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => cosineRestarts(options as never), kind, message)
})
