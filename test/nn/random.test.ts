import { describe, expect, test } from 'vitest'
import { normals, permutation, philox, uniforms24 } from '../../src/nn/random.js'

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

describe('uniforms24', () => {
  const at = { seed: 7, step: 3, stream: 2 }

  test('are the upper 24 bits of the words, four a counter, exact in float32', () => {
    const words = [0, 1].flatMap((k) => [...philox([k, 2, 3, 0], [7, 0])])
    const values = uniforms24(7, at)
    expect([...values]).toEqual(words.slice(0, 7).map((word) => Math.floor(word / 256) / 2 ** 24))
    expect([...Float32Array.from(values)]).toEqual([...values])
  })

  test('fill [0, 1) evenly', () => {
    const n = 160_000
    const counts = new Array<number>(16).fill(0)
    for (const value of uniforms24(n, at)) counts[Math.floor(value * 16)]! += 1
    // χ² of 15 degrees of freedom is above 44.3 once in ten thousand.
    const chi2 = counts.reduce((sum, count) => sum + (count - n / 16) ** 2 / (n / 16), 0)
    expect(chi2).toBeLessThan(44.3)
  })
})

describe('permutation', () => {
  test('has each index once; none and one are in order', () => {
    const order = permutation(1000, { seed: 1, step: 0, stream: 0 })
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, k) => k))
    expect([...permutation(0, { seed: 1, step: 0, stream: 0 })]).toEqual([])
    expect([...permutation(1, { seed: 1, step: 0, stream: 0 })]).toEqual([0])
  })

  test('is Fisher and Yates over the words of Philox', () => {
    const words = [0, 1].flatMap((k) => [...philox([k, 5, 9, 0], [4, 0])])
    const expected = [0, 1, 2, 3, 4]
    for (let last = 4; last > 0; last--) {
      const other = words.shift()! % (last + 1)
      ;[expected[last], expected[other]] = [expected[other]!, expected[last]!]
    }
    expect([...permutation(5, { seed: 4, step: 9, stream: 5 })]).toEqual(expected)
  })

  test('gives each of the 24 orders of four as often', () => {
    const counts = new Map<string, number>()
    const n = 24_000
    for (let step = 0; step < n; step++) {
      const order = permutation(4, { seed: 11, step, stream: 0 }).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    // χ² of 23 degrees of freedom is above 56 less than once in five thousand.
    const chi2 = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect([counts.size, chi2 < 56]).toEqual([24, true])
  })
})
