import { table, warmupCosine } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import { expectLrs, expectValues, expectWithin, rates, step } from '../support/schedules.js'

interface Transformers {
  num_warmup_steps: number
  num_training_steps: number
  min_lr_rate?: number
}

test.each(goldenCases('schedulers_transformers', 'schedules/warmupCosine'))(
  'Transformers, up to the last step: $id',
  (fixture) => {
    const args = fixture.args as Transformers
    const { num_warmup_steps: warmup, num_training_steps: total, min_lr_rate = 0 } = args
    expectLrs(
      fixture,
      (peak) => warmupCosine({ peak, warmup, total, floor: min_lr_rate * peak }),
      total,
    )
  },
)

test.each(goldenCases('schedulers_optax', 'schedules/warmupCosine'))('Optax: $id', (fixture) => {
  const args = fixture.args as { peak_value: number; warmup_steps: number; decay_steps: number }
  const { peak_value: peak, warmup_steps: warmup, decay_steps: total } = args
  expectValues(fixture, warmupCosine({ peak, warmup, total }))
})

test.each(goldenCases('worked_examples', 'schedules/warmupCosine'))('table: $id', (fixture) => {
  const args = fixture.args as { lr: number; warmup_steps: number; total_steps: number }
  const theirs = fixture.rows as { step: number; lr_transformers: number; lr_optax: number }[]
  const schedule = warmupCosine({
    peak: args.lr,
    warmup: args.warmup_steps,
    total: args.total_steps,
  })
  const ours = table(
    schedule,
    theirs.map((row) => row.step),
  ).map((row) => row.rate)
  for (const library of ['lr_transformers', 'lr_optax'] as const)
    expectGolden(
      ours,
      theirs.map((row) => row[library]),
      fixture.tol,
      `${fixture.id}, ${library}`,
    )
})

test('1000 steps, 100 of warmup, peak 0.001', () => {
  const rows = table(
    warmupCosine({ peak: 0.001, warmup: 100, total: 1000 }),
    [0, 50, 100, 300, 700, 1000],
  )
  expect(rows.map(({ rate }) => rate.toFixed(6))).toEqual([
    '0.000000',
    '0.000500',
    '0.001000',
    '0.000883',
    '0.000250',
    '0.000000',
  ])
})

test('stays within [0, peak] in the warmup, [floor, peak] after it', () => {
  const lengths = fc.tuple(fc.nat({ max: 500 }), fc.integer({ min: 1, max: 1000 }))
  fc.assert(
    fc.property(rates, rates, lengths, step, (a, b, [warmup, more], t) => {
      const [floor, peak] = [Math.min(a, b), Math.max(a, b)]
      const schedule = warmupCosine({ peak, warmup, total: warmup + more, floor })
      expectWithin(schedule(t), t < warmup ? 0 : floor, peak)
      expect(schedule(warmup)).toBeCloseTo(peak, 12)
    }),
  )
})

test.each([
  [{ warmup: 10, total: 10 }, 'warmupCosine: total must be > warmup (10), got 10'],
  [{ warmup: -1, total: 10 }, 'warmupCosine: warmup must be a whole number ≥ 0, got -1'],
])('refuses %o', (options, message) => {
  expect(() => warmupCosine({ peak: 1, ...options })).toThrow(new RangeError(message))
})
