import { cosine, table, warmupCosine } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { expectGolden, goldenCases } from '../support/golden.js'
import {
  expectHeld,
  expectNear,
  expectRefusal,
  expectWithin,
  lengths,
  type Refusal,
  range,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_transformers', 'schedules/warmupCosine'))(
  'Transformers: $id',
  (fixture) => {
    expectDocumented('schedulers_transformers', fixture)
  },
)

test.each(goldenCases('schedulers_optax', 'schedules/warmupCosine'))('Optax: $id', (fixture) => {
  expectDocumented('schedulers_optax', fixture)
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

test('stays within [start, peak] in the warmup, [floor, peak] after it, without a jump, and at the floor after the end', () => {
  fc.assert(
    fc.property(range, fc.nat({ max: 500 }), lengths, step, ([floor, peak], warmup, more, t) => {
      const schedule = warmupCosine({ peak, warmup, total: warmup + more, floor, start: floor / 2 })
      expectWithin(schedule(t), t < warmup ? floor / 2 : floor, peak)
      if (warmup > 0) expect(schedule(0)).toBe(floor / 2)
      expect(schedule(warmup)).toBeCloseTo(peak, 12)
      if (warmup > 0) expectNear(schedule(warmup - 1), peak - (peak - floor / 2) / warmup)
      expectNear(schedule(warmup + more), floor)
      expectHeld(schedule, warmup + more, t)
    }),
  )
})

test('without warmup it is cosine, whatever the options', () => {
  const shape = fc.record({
    exponent: fc.double({ min: 0.2, max: 4, noNaN: true }),
    cycles: fc.double({ min: 0.1, max: 4, noNaN: true }),
    wave: fc.boolean(),
  })
  fc.assert(
    fc.property(range, lengths, shape, step, ([floor, peak], total, options, t) => {
      const given = { peak, floor, total, ...options }
      expect(cosine(given)(t)).toBe(warmupCosine({ ...given, warmup: 0 })(t))
    }),
  )
})

test.each<Refusal>([
  [
    { peak: 1, warmup: 10, total: 10 },
    RangeError,
    'warmupCosine: total must be > warmup (10), got 10',
  ],
  [
    { peak: 1, warmup: -1, total: 10 },
    RangeError,
    'warmupCosine: warmup must be a whole number ≥ 0, got -1',
  ],
  [
    { peak: 1, warmup: 1, total: 10, start: -1 },
    RangeError,
    'warmupCosine: start must be ≥ 0, got -1',
  ],
  [
    { peak: 1, warmup: 1, total: 10, exponent: 0 },
    RangeError,
    'warmupCosine: exponent must be > 0, got 0',
  ],
  [{ warmup: 1, total: 10 }, TypeError, 'warmupCosine: peak is missing'],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => warmupCosine(options as never), kind, message)
})
