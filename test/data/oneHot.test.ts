import { oneHot } from 'downhill'
import { expect, test } from 'vitest'

test('a row for each label, a column for each class', () => {
  expect(oneHot([2, 0], 3)).toEqual([[0, 0, 1], [1, 0, 0]]) // biome-ignore format: a matrix
  expect(oneHot([], 3)).toEqual([])
})

test.each([
  [[0, 3], 3, 'oneHot: value 1 must be a class from 0 to 2, got 3'],
  [[-1], 3, 'oneHot: value 0 must be a class from 0 to 2, got -1'],
  [[0.5], 3, 'oneHot: value 0 must be a class from 0 to 2, got 0.5'],
  [[0], 0, 'oneHot: classes must be a whole number ≥ 1, got 0'],
])('refused: %j of %d', (y, classes, message) => {
  expect(() => oneHot(y, classes)).toThrow(new RangeError(message))
})
