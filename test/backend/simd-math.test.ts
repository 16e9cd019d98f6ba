import { beforeAll, describe, expect, test } from 'vitest'
import { program } from '../../src/backend/rule.js'
import { largestAngle } from '../../src/backend/simd-math.js'
import { openBackend } from '../../src/backend/use.js'
import { bundle, runBundle } from '../support/bundle.js'
import type { MathError } from '../support/mathErrors.js'
import { onEachNode } from '../support/node24.js'

/** In units of the last place; 0.5 is perfect. Measured over all float32: sine and cosine 0.53, the others below 0.51. */
const most = 0.54

describe('a million values, of every exponent', () => {
  let script = ''
  beforeAll(async () => {
    script = await bundle(`import { mathErrors } from './test/support/mathErrors.ts'
      mathErrors().then((errors) => console.log(JSON.stringify(errors)))`)
  })

  onEachNode('against Math in float64', (node) => {
    test('exp, log, tanh, sin, cos, pow', () => {
      const printed = runBundle(node, script)
      const errors = Object.entries(JSON.parse(printed) as Record<string, MathError>)
      expect(errors.map(([op]) => op)).toEqual(['exp', 'log', 'tanh', 'sin', 'cos', 'pow'])
      expect(errors.flatMap(([, { wrong }]) => wrong)).toEqual([])
      expect(errors.filter(([, { ulps }]) => ulps > most)).toEqual([])
    }, 120_000)
  })
})

const mapped = async (text: string, ...inputs: number[][]) => {
  const simd = await openBackend('simd')
  const arrays = inputs.map((input) => simd.write(input))
  return [...simd.readSync(simd.map(program(text), arrays)[0]!, '')]
}

test('whole results are whole', async () => {
  const bases = [2, 3, 10, 7, 2, -2, -3, 5]
  const powers = [10, 5, 6, 3, -3, 3, 4, 0]
  expect(await mapped('(a, b) => [a ** b]', bases, powers)).toEqual([
    1024, 243, 1e6, 343, 0.125, -8, 81, 1,
  ])
  expect(await mapped('(a) => [Math.exp(a)]', [0, -0])).toEqual([1, 1])
  expect(await mapped('(a) => [Math.log(a)]', [1, 1])).toEqual([0, 0])
})

test('x ** 0.5 is a square root with the special values of a power', async () => {
  const bases = [0, -0, -1, 1 / 0, -1 / 0, Number.NaN, 1e-45, 3e38]
  for (let k = 0; k < 20_000; k++) bases.push(Math.exp(Math.sin(k) * 80))
  const floats = bases.map(Math.fround)
  const roots = await mapped('(a) => [a ** 0.5]', floats)
  expect(roots.findIndex((root, k) => !Object.is(root, Math.fround(floats[k]! ** 0.5)))).toBe(-1)
})

test('an angle beyond the limit is JavaScript’s, and its neighbours stay', async () => {
  const angles = [1, largestAngle * 1.5, -2, 3e38, 0.5, -0, largestAngle, 1e7].map(Math.fround)
  for (const op of ['sin', 'cos'] as const)
    expect(await mapped(`(a) => [Math.${op}(a)]`, angles)).toEqual(
      angles.map((x) => Math.fround(Math[op](x))),
    )
})

test('one value for all elements is computed as the others are', async () => {
  const [first, second] = await mapped('(a, b) => [Math.exp(b) * a]', [1, 1], [2])
  expect([first, second]).toEqual([Math.fround(Math.exp(2)), Math.fround(Math.exp(2))])
})
