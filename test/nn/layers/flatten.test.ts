import { flatten, tensor } from 'downhill'
import { expect, test } from 'vitest'
import { expectSlopes } from '../../support/slopes.js'

test('keeps the first dimension, and the order', () => {
  const x = tensor(
    Array.from({ length: 12 }, (_, k) => k),
    { shape: [2, 3, 2] },
  )
  const y = flatten()(x)
  expect([y.shape, [...y.dataSync()]]).toEqual([[2, 6], [...x.dataSync()]])
  expect(flatten()(tensor([1, 2])).shape).toEqual([2, 1])
  expectSlopes(flatten(), [[2, 3, 2]])
})
