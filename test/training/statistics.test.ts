import { expect, test } from 'vitest'
import { seededRandom } from '../../src/checks/random.js'
import { counts, spreadOf, spreadText } from '../../src/training/statistics.js'

test('the standard deviation is that of a sample: divided by n − 1', () => {
  const { mean, sd, n } = spreadOf([2, 4, 4, 4, 5, 5, 7, 9])
  expect([mean, n]).toEqual([5, 8])
  expect(sd).toBeCloseTo(Math.sqrt(32 / 7), 12)
})

test('what is not finite does not count', () => {
  expect(spreadOf([1, Number.NaN, undefined, 3, Number.POSITIVE_INFINITY])).toEqual(
    spreadOf([1, 3]),
  )
})

test('one value has no deviation, and none has no mean', () => {
  expect(spreadOf([3])).toEqual({ mean: 3, sd: Number.NaN, n: 1 })
  expect(spreadOf([])).toEqual({ mean: Number.NaN, sd: Number.NaN, n: 0 })
})

test('in words: as many digits as the deviation has meaning', () => {
  expect(spreadText(spreadOf([0.9, 0.92, 0.94]))).toBe('0.920 ± 0.020')
  expect(spreadText(spreadOf([3, 3]))).toBe('3 ± 0')
  expect(spreadText(spreadOf([3]))).toBe('3')
  expect(spreadText(spreadOf([]))).toBe('')
})

test('with five seeds a difference counts when its mean is more than about two standard deviations from 0, on either side', () => {
  expect(counts({ mean: 2.07, sd: 1, n: 5 })).toBe(true)
  expect(counts({ mean: -2.07, sd: 1, n: 5 })).toBe(true)
  expect(counts({ mean: 2.05, sd: 1, n: 5 })).toBe(false)
  expect(counts({ mean: -1.5, sd: 1, n: 5 })).toBe(false)
  expect(counts(spreadOf([1, 1, 1]))).toBe(true)
})

/** The share of Student's t with so many degrees of freedom that lies beyond ±t: the density, by Simpson's rule over t = tan x. */
function beyond(t: number, freedom: number): number {
  const density = (x: number) =>
    Math.cos(x) ** -2 * (1 + Math.tan(x) ** 2 / freedom) ** (-(freedom + 1) / 2)
  const area = (to: number) => {
    const parts = 2000
    const at = (k: number) => density((to * k) / parts)
    const inner = Array.from({ length: parts - 1 }, (_, k) => (k % 2 === 0 ? 4 : 2) * at(k + 1))
    return ((to / parts) * (at(0) + at(parts) + inner.reduce((a, b) => a + b, 0))) / 3
  }
  return 1 - area(Math.atan(t)) / area(Math.PI / 2 - 1e-9)
}

test.each(Array.from({ length: 30 }, (_, k) => k + 2))(
  'with %i seeds the limit is where luck gets once in a hundred times',
  (n) => {
    let [low, high] = [0, 100]
    for (let k = 0; k < 60; k++) {
      const middle = (low + high) / 2
      if (counts({ mean: middle, sd: 1, n })) high = middle
      else low = middle
    }
    expect(beyond(high * Math.sqrt(n), n - 1)).toBeCloseTo(0.01, 4)
  },
)

test('with more than 31 seeds it is a little stricter, not looser', () => {
  expect(counts({ mean: 2.75 / Math.sqrt(100) + 1e-9, sd: 1, n: 100 })).toBe(true)
  expect(counts({ mean: 2.75 / Math.sqrt(100) - 1e-9, sd: 1, n: 100 })).toBe(false)
})

test('no difference, a single one, or none at all does not count', () => {
  for (const values of [[0, 0, 0], [1], []]) expect(counts(spreadOf(values))).toBe(false)
})

test('five differences that are luck count about once in a hundred times', () => {
  const random = seededRandom(1)
  const bell = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  let alarms = 0
  for (let k = 0; k < 20_000; k++) if (counts(spreadOf(Array.from({ length: 5 }, bell)))) alarms++
  expect(alarms / 20_000).toBeCloseTo(0.01, 2)
  expect(alarms).toBeGreaterThan(150)
})
