import { accuracy, classOf, confusion } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('the class is the place of the largest, the first of equal ones', () => {
  expect(classOf([1, 3, 2])).toBe(1)
  expect(classOf([3, 3, 2])).toBe(0)
  expect(classOf([Number.NEGATIVE_INFINITY, -5])).toBe(1)
})

test('a single output is a logit', () => {
  expect([[-0.1], [0], [0.1]].map(classOf)).toEqual([0, 0, 1])
})

test('NaN is never right', () => {
  expect(classOf([1, Number.NaN])).toBe(-1)
  expect(accuracy([[Number.NaN, Number.NaN]], [0])).toBe(0)
})

test('accuracy is the share of the diagonal of the confusion', () => {
  const row = fc.tuple(
    fc.array(fc.double({ noNaN: true }), { minLength: 3, maxLength: 3 }),
    fc.nat(2),
  )
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), (rows) => {
      const outputs = rows.map(([output]) => output)
      const targets = rows.map(([, target]) => target)
      const { counts } = confusion(outputs, targets, 3)
      expect(counts.flat().reduce((a, b) => a + b)).toBe(rows.length)
      const right = counts.reduce((sum, line, k) => sum + line[k]!, 0)
      expect(accuracy(outputs, targets)).toBe(right / rows.length)
    }),
  )
})

test('confusion is a table with the names of the classes', () => {
  const { table } = confusion(
    [
      [2, 1],
      [0, 3],
      [1, 0],
    ],
    [0, 1, 1],
    ['no', 'yes'],
  )
  expect(table.rows).toEqual([
    { 'true class': 'no', 'taken for no': 1, 'taken for yes': 0 },
    { 'true class': 'yes', 'taken for no': 1, 'taken for yes': 1 },
  ])
})

test('refused', () => {
  expect(() => accuracy([], [])).toThrow('at least one row')
  expect(() => confusion([[1, 2]], [2], 2)).toThrow('target 0 must be a class from 0 to 1, got 2')
})
