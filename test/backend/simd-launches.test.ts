import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Backend, DeviceArray } from '../../src/backend/backend.js'
import { compileRule, program, toProgram } from '../../src/backend/rule.js'
import { openBackend } from '../../src/backend/use.js'

let simd: Backend

beforeAll(async () => {
  simd = await openBackend('simd')
})

const values = (array: DeviceArray) => [...simd.readSync(array, 'test')]
const length = fc.constantFrom(0, 1, 2, 3, 4, 5, 31, 32, 33, 1000)
const float = fc.float({ min: -100, max: 100, noNaN: true })
const numbers = (size: number, seed: number) =>
  Array.from({ length: size }, (_, k) => Math.fround(Math.sin(seed + k * 1.7) * 3))

/** What lies behind the end of the next array: its block had this in it. */
const soil = (size: number, value = Number.NaN) =>
  simd.release(simd.write(new Float64Array(Math.ceil(size / 32) * 32).fill(value)))

const rule = toProgram(
  compileRule(`(a, b, { h, t }) => {
    const c = a * h + b / (1 + h ** t)
    return [c, c > 0 ? Math.exp(-c) : a, h]
  }`).outputs,
)

describe('mapEach', () => {
  test('is map for each tuple, bit for bit, whatever the lengths, single values and hypers', () => {
    const tuple = fc.record({ size: length, single: fc.boolean(), h: float, t: fc.nat(9) })
    fc.assert(
      fc.property(fc.array(tuple, { maxLength: 12 }), (tuples) => {
        const launches = tuples.map(({ size, single, h, t }, k) => ({
          inputs: [numbers(size, k), numbers(single ? 1 : size, k + 0.5)].map((x) => simd.write(x)),
          launch: { hypers: { h, t }, length: size },
        }))
        const ours = simd.mapEach(rule, launches)
        const theirs = launches.map(({ inputs, launch }) => simd.map(rule, inputs, launch))
        expect(ours.map((row) => row.map(values))).toEqual(theirs.map((row) => row.map(values)))
        for (const array of [
          ...launches.flatMap(({ inputs }) => inputs),
          ...ours,
          ...theirs,
        ].flat())
          simd.release(array)
      }),
    )
  })

  test('writes over the arrays that it is given, single values too', () => {
    const add = program('(a, b) => [a + b, a]')
    const arrays = [[1, 2, 3], [4]].map((list) => simd.write(list))
    const launches = arrays.map((array) => ({
      inputs: [array, simd.write([10])],
      launch: { into: [array] },
    }))
    const made = simd.mapEach(add, launches)
    expect(made.map(([first]) => first)).toEqual(arrays)
    expect(made.map(([first]) => first === arrays[0] || first === arrays[1])).toEqual([true, true])
    expect(made.map((row) => row.map(values))).toEqual([
      [
        [11, 12, 13],
        [1, 2, 3],
      ],
      [[14], [4]],
    ])
  })

  test('more tuples than the table had room for, while the memory grows', () => {
    const double = program('(a) => [2 * a]')
    const inputs = Array.from({ length: 3000 }, (_, k) => simd.write(numbers(500, k)))
    for (const array of inputs) simd.park(array)
    const made = simd.mapEach(
      double,
      inputs.map((array) => ({ inputs: [array] })),
    )
    for (const [k, [array]] of made.entries()) {
      if (k % 500 === 0) expect(values(array!)).toEqual(numbers(500, k).map((x) => 2 * x))
      simd.release(array!)
      simd.release(inputs[k]!)
    }
  })

  test('refuses lengths that do not fit, and what was released', () => {
    const add = program('(a, b) => [a + b]')
    const [a, b] = [simd.write([1, 2]), simd.write([1, 2, 3])]
    expect(() => simd.mapEach(add, [{ inputs: [a, a] }, { inputs: [a, b] }])).toThrow(
      'arrays of 2 and 3 values do not fit',
    )
    simd.release(a)
    expect(() => simd.mapEach(add, [{ inputs: [a, a] }])).toThrow('was released and is used again')
  })
})

describe('reduce', () => {
  const one = program('(x, { scale }) => [scale * x]')

  test.each([Number.NaN, 1e38, -1e38])('of all lengths, whatever lies behind (%d)', (behind) => {
    for (const size of [0, 1, 2, 3, 4, 5, 7, 8, 31, 32, 33, 1000]) {
      const list = numbers(size, size)
      soil(size, behind)
      const array = simd.write(list)
      const total = list.reduce((sum, x) => sum + Math.fround(2 * x), 0)
      const top = Math.max(...list.map((x) => 2 * x))
      const by = (kind: 'sum' | 'max') =>
        values(simd.reduce(kind, one, [[array], [array]], { scale: 2 }))
      expect(by('sum')).toEqual([Math.fround(2 * total)])
      expect(by('max')).toEqual([Math.fround(top)])
      const norm = Math.sqrt(2 * list.reduce((sum, x) => sum + x * x, 0))
      expect(values(simd.euclid!([array, array]))[0]).toBeCloseTo(norm, 5)
      simd.release(array)
    }
  })

  test('small numbers beside large ones are not lost, over tuples too', () => {
    const arrays = [[1e8, ...new Array(1000).fill(1)], [1, 1, 1], [-1e8]].map((list) => [
      simd.write(list),
    ])
    expect(values(simd.reduce('sum', one, arrays, { scale: 1 }))).toEqual([1003])
  })

  test.each([
    ['NaN', [[1, Number.NaN, 3, 4, 5], [1]], Number.NaN, Number.NaN],
    ['one NaN beside', [[1, 2], [Number.NaN]], Number.NaN, Number.NaN],
    ['infinities', [[1, -1 / 0, 1 / 0, 3, 4], [2]], Number.NaN, 1 / 0],
    ['negative values', [[-3, -4], [-2], [-9, -9, -9, -9, -9]], -54, -2],
    ['nothing', [[], []], 0, -1 / 0],
  ])('of %s', (_, lists, sum, max) => {
    const tuples = lists.map((list) => [simd.write(list)])
    expect(values(simd.reduce('sum', one, tuples, { scale: 1 }))).toEqual([sum])
    expect(values(simd.reduce('max', one, tuples, { scale: 1 }))).toEqual([max])
  })

  test('each tuple by itself, with hypers of its own', () => {
    const launches = [[1, 2, 3], [4], [5, 6], []].map((list, k) => ({
      inputs: [simd.write(list)],
      launch: { hypers: { scale: k + 1 } },
    }))
    const totals = (kind: 'sum' | 'max') =>
      simd.reduceEach!(kind, one, launches).map((array) => values(array)[0])
    expect(totals('sum')).toEqual([6, 8, 33, 0])
    expect(totals('max')).toEqual([3, 8, 18, -1 / 0])
  })
})

describe('euclid', () => {
  test('squares that float32 cannot hold, large and small', () => {
    const norm = (...lists: number[][]) =>
      values(simd.euclid!(lists.map((list) => simd.write(list))))[0]
    expect(norm([3e30, 4e30])).toBe(Math.fround(5e30))
    expect(norm([3e-30], [4e-30, 0])).toBe(Math.fround(5e-30))
    expect(norm([1, Number.NaN])).toBe(Number.NaN)
    expect(norm([1, -1 / 0, 3])).toBe(1 / 0)
    expect(norm([], [])).toBe(0)
  })
})
