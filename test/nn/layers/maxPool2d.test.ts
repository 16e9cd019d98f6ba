import { maxPool2d, tensor } from 'downhill'
import { expect, test } from 'vitest'
import { expectSlopes } from '../../support/slopes.js'

test('the largest of each window, channel by channel', () => {
  const x = tensor(
    Array.from({ length: 32 }, (_, k) => (k * 7) % 32),
    { shape: [1, 2, 4, 4] },
  )
  const values = [...x.dataSync()]
  const window = (channel: number, r: number, c: number) =>
    Math.max(...[0, 1, 4, 5].map((k) => values[channel * 16 + r * 4 + c + k]!))
  const y = maxPool2d(2)(x)
  expect(y.shape).toEqual([1, 2, 2, 2])
  expect([...y.dataSync()]).toEqual(
    [0, 1].flatMap((channel) =>
      [
        [0, 0],
        [0, 2],
        [2, 0],
        [2, 2],
      ].map(([r, c]) => window(channel, r!, c!)),
    ),
  )
  expect(maxPool2d(2, { stride: 1 })(x).shape).toEqual([1, 2, 3, 3])
})

test('slopes', () => {
  expectSlopes(maxPool2d(2), [[2, 2, 4, 5]])
  expectSlopes(maxPool2d(2, { stride: 1 }), [[1, 1, 3, 3]])
})

test('refuses what are no images', () => {
  expect(() => maxPool2d(2)(tensor([1]))).toThrow(
    'maxPool2d(2): its input must be [n, channels, height, width]',
  )
})
