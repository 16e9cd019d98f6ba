import { tensor, useBackend } from 'downhill'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { broadcastShape } from '../../src/nn/broadcast.js'
import { expectSlopes, someNumbers } from '../support/slopes.js'

afterEach(() => useBackend('reference'))

const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1)

/** The element of a shape that NumPy reads at a place of another. */
function readAt(shape: readonly number[], whole: readonly number[], place: number): number {
  const at = whole.map((n, k) => Math.floor(place / size(whole.slice(k + 1))) % n)
  const own = at.slice(whole.length - shape.length).map((i, k) => (shape[k] === 1 ? 0 : i))
  return own.reduce((index, i, k) => index * shape[k]! + i, 0)
}

/** Two shapes that fit: of a common one, some lengths 1, and the front left out. */
const pairs = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 0, maxLength: 4 })
  .chain((shape) => {
    const part = fc
      .tuple(fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.integer({ min: 0, max: 2 }))
      .map(([ones, from]) => shape.map((n, k) => (ones[k] ? 1 : n)).slice(from))
    return fc.tuple(part, part)
  })

test.each<[number[], number[], number[] | undefined]>([
  [[], [3], [3]],
  [[3, 1], [2], [3, 2]],
  [
    [2, 1, 4],
    [3, 1],
    [2, 3, 4],
  ],
  [[1], [], [1]],
  [[2], [3], undefined],
  [[2, 3], [2], undefined],
  [[0], [1], [0]],
])('%j and %j give %j', (a, b, both) => {
  expect(broadcastShape(a, b)).toEqual(both)
  expect(broadcastShape(b, a)).toEqual(both)
})

describe.each(['reference', 'simd', 'gpu:cpu'] as const)('on %s', (name) => {
  test('every element meets the one that NumPy says', async () => {
    await useBackend(name)
    await fc.assert(
      fc.asyncProperty(pairs, async ([a, b]) => {
        const shape = broadcastShape(a, b)!
        const [x, y] = [a, b].map((one, k) =>
          tensor(Float32Array.from(someNumbers(size(one), k + 1)), { shape: one }),
        )
        const sum = x!.add(y!)
        expect(sum.shape).toEqual(shape)
        const [left, right] = [await x!.data(), await y!.data()]
        const expected = Array.from(
          { length: size(shape) },
          (_, k) => left[readAt(a, shape, k)]! + right[readAt(b, shape, k)]!,
        )
        for (const [k, value] of (await sum.data()).entries())
          expect(Math.abs(value - expected[k]!)).toBeLessThan(1e-6)
      }),
      { numRuns: 60 },
    )
  })
})

test('gradients are summed over what was repeated', () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      expectSlopes((x, y) => x.mul(y), [a, b])
      expectSlopes((x, y) => x.sub(y), [a, b])
      expectSlopes((x, y) => x.div(y), [a, b], { low: 1, high: 2 })
    }),
    { numRuns: 30 },
  )
})

test.each([
  [
    [2, 3, 4],
    [3, 1],
  ],
  [
    [2, 3, 4],
    [1, 3, 1],
  ],
  [
    [2, 1, 3],
    [2, 1],
  ],
  [
    [2, 3, 2],
    [2, 1, 2],
  ],
  [
    [3, 1],
    [1, 2],
  ],
])('gradients of %j beside %j', (a, b) => {
  expectSlopes((x, y) => x.mul(y), [a, b])
})
