import { parameter, type Tensor, tensor } from 'downhill'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectSlopes } from '../support/slopes.js'

const matrix = tensor([
  [1, 5, 3],
  [4, 2, 6],
])
const values = (x: Tensor) => [...x.dataSync()]

test('along an axis, counted from either end, kept or dropped', () => {
  expect(values(matrix.sum(0))).toEqual([5, 7, 9])
  expect(values(matrix.sum(1))).toEqual([9, 12])
  expect(values(matrix.sum(-1))).toEqual([9, 12])
  expect(values(matrix.mean(1))).toEqual([3, 4])
  expect(values(matrix.max(0))).toEqual([4, 5, 6])
  expect(values(matrix.max())).toEqual([6])
  expect(matrix.sum(1).shape).toEqual([2])
  expect(matrix.sum(1, { keepDims: true }).shape).toEqual([2, 1])
  expect(matrix.sum(undefined, { keepDims: true }).shape).toEqual([1, 1])
  expect(values(matrix.sub(matrix.max(1, { keepDims: true })))).toEqual([-4, 0, -2, -2, -4, 0])
})

test('equal largest share the gradient', () => {
  const x = parameter([2, 7, 7, 1])
  x.max().mul(3).backward()
  expect(values(x.grad!)).toEqual([0, 1.5, 1.5, 0])
})

test('an axis that is not there is refused', () => {
  expect(() => matrix.sum(2)).toThrow(new RangeError('sum: shape [2, 3] has axes -2 to 1, got 2'))
  expect(() => matrix.max(0.5)).toThrow('max: shape [2, 3] has axes -2 to 1, got 0.5')
  expect(() => tensor([]).max()).toThrow('max: tensor [0] on reference has no values')
})

describe('slopes', () => {
  const shapes = fc
    .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 })
    .chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.option(fc.integer({ min: -shape.length, max: shape.length - 1 }), { nil: undefined }),
        fc.boolean(),
      ),
    )
  test.each<[string, (x: Tensor, axis: number | undefined, keepDims: boolean) => Tensor]>([
    ['sum', (x, axis, keepDims) => x.sum(axis, { keepDims })],
    ['mean', (x, axis, keepDims) => x.mean(axis, { keepDims })],
    ['max', (x, axis, keepDims) => x.max(axis, { keepDims })],
  ])('of %s', (_, reduce) => {
    fc.assert(
      fc.property(shapes, ([shape, axis, keepDims]) =>
        expectSlopes((x) => reduce(x, axis, keepDims), [shape]),
      ),
      { numRuns: 30 },
    )
  })
})
