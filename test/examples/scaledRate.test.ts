import { scaledRate, scaledSchedule } from 'downhill'
import { expect, test } from 'vitest'

const known = { lr: 0.1, batch: 256, newBatch: 2048 }

test('W9: eight times the batch, eight times the rate, after a warmup', () => {
  expect(scaledRate(known)).toBeCloseTo(0.8, 15)
  expect(scaledRate({ ...known, rule: 'square-root' })).toBeCloseTo(0.1 * Math.sqrt(8), 15)
  const schedule = scaledSchedule({ ...known, warmup: 100, total: 1000 })
  expect([0, 50, 100, 1000].map(schedule)).toEqual(
    [0, 0.4, 0.8, 0].map((x) => expect.closeTo(x, 12)),
  )
})

test.each([
  [{ ...known, batch: 0 }, 'scaledRate: batch must be a whole number ≥ 1, got 0'],
  [{ ...known, lr: -1 }, 'scaledRate: lr must be ≥ 0, got -1'],
  [
    { ...known, rule: 'cubic' as 'linear' },
    'scaledRate: rule must be "linear" or "square-root", got "cubic"',
  ],
])('refuses %o', (given, message) => {
  expect(() => scaledRate(given)).toThrow(new RangeError(message))
})
