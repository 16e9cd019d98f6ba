import { spirals } from 'downhill'
import { expect, test } from 'vitest'

test('without noise each point lies on its spiral, the second half a turn from the first', () => {
  const { x, y } = spirals({ points: 8, turns: 2, noise: 0 })
  for (const [k, [right, up]] of x.entries()) {
    const radius = (Math.floor(k / 2) + 1) / 8
    expect(Math.hypot(right!, up!)).toBeCloseTo(radius, 12)
    const [other, above] = x[k % 2 === 0 ? k + 1 : k - 1]!
    expect([other! + right!, above! + up!].map((sum) => Math.abs(sum) < 1e-12)).toEqual([
      true,
      true,
    ])
  }
  expect(y.slice(0, 4)).toEqual([0, 1, 0, 1])
  // Two turns: the last point of the first spiral is at angle 4π.
  expect(x.at(-2)!.map((value) => value.toFixed(12).replace('-0.', '0.'))).toEqual([
    '1.000000000000',
    '0.000000000000',
  ])
})

test('noise has the spread asked for, and is a function of the seed', () => {
  const [clean, noisy, again, other] = [
    [0, 1],
    [0.1, 1],
    [0.1, 1],
    [0.1, 2],
  ].map(([noise, seed]) => spirals({ points: 2000, noise: noise!, seed: seed! }).x.flat())
  const shifts = noisy!.map((value, k) => value - clean![k]!)
  const variance = shifts.reduce((sum, shift) => sum + shift ** 2, 0) / shifts.length
  expect(Math.abs(variance / 0.01 - 1)).toBeLessThan(5 * Math.sqrt(2 / 8000))
  expect(again).toEqual(noisy)
  expect(other).not.toEqual(noisy)
})

test.each([
  [{ points: 0 }, 'spirals: points must be a whole number ≥ 1, got 0'],
  [{ turns: 0 }, 'spirals: turns must be > 0, got 0'],
  [{ noise: -1 }, 'spirals: noise must be ≥ 0, got -1'],
])('refused: %j', (options, message) => {
  expect(() => spirals(options)).toThrow(new RangeError(message))
})
