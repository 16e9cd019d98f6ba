import { beforeAll, describe, expect, test } from 'vitest'
import type { Backend } from '../../src/backend/backend.js'
import { compileRule, toProgram } from '../../src/backend/rule.js'
import { inexactDivisions } from '../../src/backend/simd-inverses.js'
import { openBackend } from '../../src/backend/use.js'

let simd: Backend
beforeAll(async () => {
  simd = await openBackend('simd')
})

/** By the slot h, and by the single value s. */
const mapped = (body: string, a: number[], d: number): [number[], number[]] => {
  const run = (source: string, more: number[][], hypers: Record<string, number>) => {
    const arrays = [a, ...more].map((values) => simd.write(values))
    const [made] = simd.map(toProgram(compileRule(source).outputs), arrays, { hypers })
    return [...simd.readSync(made!, '')]
  }
  return [run(`(a, { d }) => [${body}]`, [], { d }), run(`(a, d) => [${body}]`, [[d]], {})]
}

describe('what a division decides is decided as in JavaScript', () => {
  /** Float32 multiplies by 1/41, 1/47, 1/55, … so that 41 gives no 1. */
  const divisors = Array.from({ length: 120 }, (_, k) => k + 2)
  test.each([
    ['floor', 'Math.floor(a / d)'],
    ['a comparison', '(a / d >= 1 ? 1 : 0)'],
    ['equality', '(a / d === 1 ? 1 : 0)'],
    ['a sign', 'Math.sign(a / d - 1)'],
    ['the root of a difference', 'Math.sqrt(1 - Math.min(1, a / d)) > 0 ? 1 : 0'],
    ['an exponent', '(-2) ** (a / d)'],
  ])('%s', (_, body) => {
    const rule = new Function('a', 'd', `return ${body}`)
    for (const d of divisors) {
      const multiples = [0, d, 2 * d, 3 * d, 7 * d]
      const expected = multiples.map((a) => rule(a, d))
      for (const ours of mapped(body, multiples, d)) expect(ours).toEqual(expected)
    }
  })

  test('a fraction that reaches 1 has no root of less than nothing', () => {
    for (let total = 2; total < 200; total++)
      for (const [last] of mapped('(1 - a / d) ** 1.5 + Math.sqrt(1 - a / d)', [total, 1], total))
        expect(last).toBe(0)
  })
})

test.each([
  ['too small to have an inverse', 1e-40, [1e-40, -3e-41, 0, 1]],
  ['whose inverse is subnormal', 3e38, [3e38, 1, 1e-3, -3e37]],
  ['0', 0, [0, 1, -1, Number.NaN]],
  ['−0', -0, [0, 1, -1, 1 / 0]],
  ['∞', 1 / 0, [0, 1, -1, 1 / 0]],
  ['NaN', Number.NaN, [0, 1, -1, 1 / 0]],
  ['a power of two', 0.25, [1, 3, -1e38, 1e-45]],
])('a divisor that is %s', (_, d, values) => {
  const [a, divisor] = [values.map(Math.fround), Math.fround(d)]
  const expected = a.map((x) => Math.fround(x / divisor))
  for (const ours of mapped('a / d', a, divisor)) expect(ours).toEqual(expected)
})

test('AdamW’s step divides by its corrections inexactly, schedules do not where they count', () => {
  const found = (source: string) => inexactDivisions(compileRule(source).outputs).size
  expect(
    found('(p, m, v, { lr, c, d, eps }) => [p - (lr * (m / c)) / (Math.sqrt(v / d) + eps)]'),
  ).toBe(3)
  expect(found('(t, { every, gamma }) => [gamma ** Math.floor(t / every)]')).toBe(0)
  expect(found('(t, { total, power }) => [(1 - t / total) ** power]')).toBe(0)
})
