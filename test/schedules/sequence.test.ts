import { cosine, linear, type Schedule, sequence, warmupCosine } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import { expectRefusal, lengths, rates, step } from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/sequence'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

test.each(goldenCases('schedulers_optax', 'schedules/sequence'))('Optax: $id', (fixture) => {
  expectDocumented('schedulers_optax', fixture)
})

const boundaries = fc
  .uniqueArray(lengths, { minLength: 1, maxLength: 5 })
  .map((list) => list.sort((a, b) => a - b))

test('each part counts from 0 at its boundary, and holds until the next', () => {
  fc.assert(
    fc.property(boundaries, step, (list, t) => {
      const counting = list.concat(0).map(
        (_, k): Schedule =>
          (s) =>
            10_000 * k + s,
      )
      const k = list.filter((boundary) => boundary <= t).length
      expect(sequence(counting, list)(t)).toBe(10_000 * k + t - (list[k - 1] ?? 0))
    }),
  )
})

test('a warmup and a decay meet at the boundary without a jump', () => {
  fc.assert(
    fc.property(rates, lengths, lengths, (peak, length, total) => {
      const parts = [linear({ start: 0, end: peak, total: length }), cosine({ peak, total })]
      const joined = sequence(parts, [length])
      const whole = warmupCosine({ peak, warmup: length, total: length + total })
      for (const t of [0, length - 1, length, length + 1, length + total, 5000])
        expect(joined(t)).toBeCloseTo(whole(t), 10)
    }),
  )
})

test('is named after its parts', () => {
  const mine: Schedule = (t) => t
  expect(
    sequence([linear({ start: 0, end: 1, total: 9 }), 1, mine, (t) => t], [9, 10, 11]).name,
  ).toBe('sequence(linear, constant, mine, schedule)')
})

test.each<[number[], string]>([
  [[], 'sequence: 2 schedules need 1 boundaries, got 0'],
  [[1, 2], 'sequence: 2 schedules need 1 boundaries, got 2'],
  [[0], 'sequence: boundaries must rise from above 0, got 0 after 0'],
  [[Number.NaN], 'sequence: boundaries must rise from above 0, got NaN after 0'],
  [[Number.POSITIVE_INFINITY], 'sequence: boundaries must rise from above 0, got Infinity after 0'],
])('refuses boundaries %o', (list, message) => {
  expectRefusal(() => sequence([1, 2], list), RangeError, message)
})

test.each<[unknown[], typeof RangeError, string]>([
  [[], RangeError, 'sequence: needs at least one schedule, got none'],
  [
    [1, 'two'],
    TypeError,
    'sequence: schedule 1 must be a number or a function of the step, got string',
  ],
  [[-1, 2], RangeError, 'constant: rate must be ≥ 0, got -1'],
])('refuses parts %o', (parts, kind, message) => {
  expectRefusal(() => sequence(parts as never, [1]), kind, message)
})

test('a list that changes afterwards changes nothing', () => {
  const boundaries = [10]
  const schedule = sequence([0.1, 0.2], boundaries)
  boundaries[0] = 1
  expect([schedule(5), schedule(10)]).toEqual([0.1, 0.2])
})
