import { concatenate, parameter, tensor, useBackend } from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'
import { expectSlopes } from '../support/slopes.js'

afterEach(() => useBackend('reference'))

const counted = (...shape: number[]) =>
  tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => k),
    { shape },
  )

describe.each(['reference', 'simd', 'gpu:cpu'] as const)('on %s', (name) => {
  test('other shapes, other orders, parts', async () => {
    await useBackend(name)
    const x = counted(2, 3)
    const values = async (one: ReturnType<typeof counted>) => [one.shape, [...(await one.data())]]
    expect(await values(x.reshape([3, -1]))).toEqual([
      [3, 2],
      [0, 1, 2, 3, 4, 5],
    ])
    expect(await values(x.transpose())).toEqual([
      [3, 2],
      [0, 3, 1, 4, 2, 5],
    ])
    expect(await values(counted(2, 2, 3).permute([2, 0, 1]))).toEqual([
      [3, 2, 2],
      [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11],
    ])
    expect(await values(x.slice(1))).toEqual([
      [1, 3],
      [3, 4, 5],
    ])
    expect(await values(x.slice(0, -1, 1))).toEqual([
      [2, 2],
      [0, 1, 3, 4],
    ])
    expect(await values(x.take([1, 1, 0]))).toEqual([
      [3, 3],
      [3, 4, 5, 3, 4, 5, 0, 1, 2],
    ])
    expect(await values(x.take([2, 0], -1))).toEqual([
      [2, 2],
      [2, 0, 5, 3],
    ])
    expect(await values(concatenate([x, counted(1, 3)]))).toEqual([
      [3, 3],
      [0, 1, 2, 3, 4, 5, 0, 1, 2],
    ])
    expect(await values(concatenate([x, counted(2, 1)], 1))).toEqual([
      [2, 4],
      [0, 1, 2, 0, 3, 4, 5, 1],
    ])
  })
})

test('slopes', () => {
  expectSlopes((x) => x.reshape([6]), [[2, 3]])
  expectSlopes((x) => x.permute([1, 2, 0]), [[2, 3, 2]])
  expectSlopes((x) => x.transpose(0, -1), [[2, 3, 2]])
  expectSlopes((x) => x.slice(1, 3, 1), [[2, 4]])
  expectSlopes((x) => x.take([0, 2, 0], 1), [[2, 3, 2]])
  expectSlopes(
    (x, y) => concatenate([x, y, x], 1),
    [
      [2, 1],
      [2, 3],
    ],
  )
})

test('a reshaped parameter keeps its values when the parameter moves', () => {
  const w = parameter([1, 2])
  const seen = w.reshape([2, 1])
  w.replace(w.backend.write([5, 6]))
  expect([...seen.dataSync()]).toEqual([1, 2])
})

test.each<[() => unknown, string]>([
  [
    () => counted(2, 3).reshape([4, -1]),
    'reshape: tensor [2, 3] on reference has 6 values, which do not fill [4, -1]',
  ],
  [() => counted(2, 3).reshape([5]), 'which do not fill [5]'],
  [
    () => counted(2, 3).permute([0]),
    'permute: the order must name each axis of [2, 3] once, got [0]',
  ],
  [() => counted(3).transpose(), 'transpose: shape [3] has axes -1 to 0, got -2'],
  [
    () => counted(3).take([3]),
    'take: place 0 asks for 3; axis 0 of tensor [3] on reference has 0 to 2',
  ],
  [
    () => counted(3).slice(0.5),
    'slice: start and end must be whole numbers, got 0.5 and undefined',
  ],
  [() => concatenate([]), 'concatenate: there must be at least one tensor, got none'],
  [() => concatenate([counted(2, 3), counted(2, 2)]), 'but for axis 0 their shapes must be equal'],
])('refuses %#', (call, message) => {
  expect(call).toThrow(message)
})
