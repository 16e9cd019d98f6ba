import { expect, test } from 'vitest'
import { normals, philox } from '../../src/nn/random.js'

/** Known answers of Random123 (kat_vectors, philox4x32 10). */
test.each([
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
] as const)('Philox4x32-10 of %j', (counter, key, words) => {
  expect(philox(counter, key)).toEqual(words)
})

test('normals have the moments and the tails of the normal distribution', () => {
  const n = 100_000
  const values = normals(n, { seed: 1, step: 0, stream: 0 })
  const moment = (power: number) => values.reduce((sum, x) => sum + x ** power, 0) / n
  // Five standard deviations of each estimate.
  const near = (got: number, expected: number, spread: number) =>
    expect(Math.abs(got - expected)).toBeLessThan(5 * Math.sqrt(spread / n))
  near(moment(1), 0, 1)
  near(moment(2), 1, 2)
  near(moment(3), 0, 15)
  near(moment(4), 3, 96)
  const beyond = values.filter((x) => Math.abs(x) > 1.959964).length / n
  near(beyond, 0.05, 0.05 * 0.95)
})

test('a shorter list is the start of a longer one; seeds, steps and streams differ also beyond 2³²', () => {
  const at = { seed: 1, step: 2, stream: 3 }
  expect([...normals(3, at)]).toEqual([...normals(4, at)].slice(0, 3))
  const firsts = [
    at,
    { ...at, seed: 1 + 2 ** 32 },
    { ...at, step: 2 + 2 ** 32 },
    { ...at, stream: 4 },
  ].map((one) => normals(1, one)[0])
  expect(new Set(firsts).size).toBe(4)
})
