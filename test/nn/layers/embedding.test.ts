import { embedding, tensor, useBackend } from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'

afterEach(() => useBackend('reference'))

describe.each(['reference', 'simd', 'gpu:cpu'] as const)('on %s', (name) => {
  test('gives rows; the gradient adds up where a row came more than once', async () => {
    await useBackend(name)
    const layer = embedding(4, 3, { seed: 1 })
    const [weight] = layer.parameters()
    const table = await weight!.data()
    const numbers = [2, 0, 2, 3]
    const y = layer(tensor(numbers, { shape: [2, 2] }))
    expect(y.shape).toEqual([2, 2, 3])
    expect([...(await y.data())]).toEqual(
      numbers.flatMap((row) => [...table.slice(3 * row, 3 * row + 3)]),
    )
    y.mul(
      tensor(
        Array.from({ length: 12 }, (_, k) => k),
        { shape: [2, 2, 3] },
      ),
    )
      .sum()
      .backward()
    expect([...(await weight!.grad!.data())]).toEqual([3, 4, 5, 0, 0, 0, 6, 8, 10, 9, 10, 11])
  })
})

test('a number that is no row is refused, on a GPU it is NaN', async () => {
  expect(() => embedding(3, 2)(tensor([0, 3]))).toThrow(
    new RangeError(
      'embedding(3, 2): place 1 of its input must be a whole number from 0 to 2, got 3',
    ),
  )
  expect(() => embedding(3, 2)(tensor([0.5]))).toThrow('got 0.5')
  expect(() => embedding(0, 2)).toThrow('embedding: count must be a whole number ≥ 1, got 0')
  await useBackend('gpu:cpu')
  expect([...(await embedding(3, 2)(tensor([3])).data())]).toEqual([Number.NaN, Number.NaN])
})
