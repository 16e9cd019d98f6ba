import { expect, test } from 'vitest'
import { spreadOf, spreadText } from '../../src/training/statistics.js'

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
