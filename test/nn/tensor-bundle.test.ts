import { tensor } from 'downhill'
import { expect, test } from 'vitest'
import { displaySymbol } from '../../src/host/types.js'
import { tensorBundle } from '../../src/nn/tensor-bundle.js'

const lines = async (values: number[] | number[][] | number, shape?: number[]) =>
  String((await tensor(values, shape && { shape })[displaySymbol]())['text/plain']).split('\n')

test('scalars, vectors, matrices and more dimensions, cut where they are large', async () => {
  expect(await lines(2)).toEqual(['tensor [] on reference', '2'])
  expect(await lines([1, -0.5])).toEqual(['tensor [2] on reference', '   1  -0.5'])
  expect(await lines([1, 2, 3, 4], [2, 1, 2])).toEqual([
    'tensor [2, 1, 2] on reference',
    '1  2',
    '3  4',
  ])
  const large = await lines(
    Array.from({ length: 20 * 20 }, (_, i) => i),
    [20, 20],
  )
  expect(large).toHaveLength(14)
  expect(large[1]).toBe('  0    1    2    3    4    5    6    7    8    9    …')
  expect(large.at(-1)).toMatch(/^ +…( +…){10}$/)
})

test('without its values where they cannot be read', async () => {
  const gone = {
    shape: [2],
    data: () => Promise.reject(new Error('released')),
    toString: () => 'x [2] on gpu',
  }
  expect(await tensorBundle(gone)).toEqual({ 'text/plain': 'x [2] on gpu' })
})
