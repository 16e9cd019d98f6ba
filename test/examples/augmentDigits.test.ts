import { digitAugmentations, digits, seededRandom } from 'downhill'
import { expect, test } from 'vitest'

const { x } = await digits()
const kinds = Object.keys(digitAugmentations) as (keyof typeof digitAugmentations)[]
const at = (column: number, row: number) => 8 * row + column

test.each(kinds)('%s gives 64 pixels from 0 to 16, the same for the same numbers', (kind) => {
  const draw = (seed: number) =>
    x.slice(0, 50).map((row) => digitAugmentations[kind](row, seededRandom(seed)))
  expect(draw(1)).toEqual(draw(1))
  for (const row of draw(2)) {
    expect(row.length).toBe(64)
    expect(row.every((ink) => ink >= 0 && ink <= 16)).toBe(true)
  }
})

test('none leaves the picture, mirror exchanges left and right for numbers below a half', () => {
  expect(digitAugmentations.none(x[0]!, Math.random)).toEqual(x[0])
  const mirrored = digitAugmentations.mirror(x[3]!, () => 0.4)
  for (let row = 0; row < 8; row++)
    for (let column = 0; column < 8; column++)
      expect(mirrored[at(column, row)]).toBe(x[3]![at(7 - column, row)])
  expect(digitAugmentations.mirror(x[3]!, () => 0.6)).toEqual(x[3])
})

test('shift moves by a whole pixel, and paper comes in', () => {
  const moved = digitAugmentations.shift(x[3]!, () => 0.99)
  expect(moved[at(0, 4)]).toBe(0)
  for (let row = 1; row < 8; row++)
    for (let column = 1; column < 8; column++)
      expect(moved[at(column, row)]).toBe(x[3]![at(column - 1, row - 1)])
  expect(digitAugmentations.shift(x[3]!, () => 0.5)).toEqual(x[3])
})

test('jitter in the middle of all its ranges changes nothing; elsewhere it keeps most of the ink', () => {
  for (const [k, ink] of digitAugmentations.jitter(x[3]!, () => 0.5).entries())
    expect(ink).toBeCloseTo(x[3]![k]!, 9)
  const sum = (row: readonly number[]) => row.reduce((total, ink) => total + ink, 0)
  const random = seededRandom(3)
  for (const row of x.slice(0, 100)) {
    const changed = digitAugmentations.jitter(row, random)
    expect(changed).not.toEqual(row)
    expect(sum(changed) / sum(row)).toBeGreaterThan(0.6)
    expect(sum(changed) / sum(row)).toBeLessThan(1.4)
  }
})
