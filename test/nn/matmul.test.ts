import { parameter, tensor, useBackend } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectSlopes } from '../support/slopes.js'

const length = fc.integer({ min: 1, max: 4 })

test('a matrix by a matrix, by a vector, and more dimensions in front', () => {
  const a = tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ])
  const product = a.matmul(
    tensor([
      [1, 0, 2],
      [0, 1, 3],
    ]),
  )
  expect([product.shape, [...product.dataSync()]]).toEqual([
    [3, 3],
    [1, 2, 8, 3, 4, 18, 5, 6, 28],
  ])
  const vector = a.matmul(tensor([1, -1]))
  expect([vector.shape, [...vector.dataSync()]]).toEqual([[3], [-1, -1, -1]])
  expect(
    tensor(new Array(12).fill(1), { shape: [2, 3, 2] }).matmul(tensor([[1], [1]])).shape,
  ).toEqual([2, 3, 1])
  expect(
    tensor([1, 2])
      .matmul(tensor([3, 4]))
      .itemSync(),
  ).toBe(11)
})

test('slopes', () => {
  fc.assert(
    fc.property(length, length, length, (n, k, m) => {
      expectSlopes(
        (a, b) => a.matmul(b),
        [
          [n, k],
          [k, m],
        ],
      )
      expectSlopes((a, b) => a.matmul(b), [[n, k], [k]])
      expectSlopes(
        (a, b) => a.matmul(b),
        [
          [2, n, k],
          [k, m],
        ],
      )
    }),
    { numRuns: 15 },
  )
})

test('refuses what does not fit', () => {
  expect(() => tensor([[1, 2]]).matmul(tensor([[1, 2]]))).toThrow(
    new RangeError(
      'matmul: tensor [1, 2] on reference and tensor [1, 2] on reference do not fit; the first must be [n, k] (or have more dimensions before k), the second [k, m] or [k]',
    ),
  )
})

test.each(['reference', 'simd'] as const)(
  'a sum of no products is 0: [2, 0] · [0, 3], on %s',
  async (name) => {
    await useBackend(name)
    const [a, b] = [parameter([], { shape: [2, 0] }), parameter([], { shape: [0, 3] })]
    const product = a.matmul(b)
    expect([product.shape, [...product.dataSync()]]).toEqual([
      [2, 3],
      [0, 0, 0, 0, 0, 0],
    ])
    product.sum().backward()
    expect([a.grad?.shape, b.grad?.shape]).toEqual([
      [2, 0],
      [0, 3],
    ])
    await useBackend('reference')
  },
)
