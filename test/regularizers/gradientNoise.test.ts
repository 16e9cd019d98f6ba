import { gradientNoise, parameter, tensor } from 'downhill'
import { expect, test } from 'vitest'
import { gradients, withGradients } from '../support/gradients.js'

const noise = (size: number, step: number, options = {}): number[] => {
  const params = withGradients([new Array(size).fill(0)])
  gradientNoise(params, step, options)
  return gradients(params)[0]!
}

const variance = (values: readonly number[]) =>
  values.reduce((sum, x) => sum + x * x, 0) / values.length

test.each([
  [0, { eta: 0.3 }, 0.3],
  [9, { eta: 0.3 }, 0.3 / 10 ** 0.55],
  [9, {}, 0.01 / 10 ** 0.55],
  [3, { eta: 1, gamma: 1 }, 0.25],
])('step %s with %j: the variance is %s', (step, options, expected) => {
  // The variance of n normal numbers has a standard deviation of √(2/n): five of them.
  const got = variance(noise(20_000, step, options)) / expected
  expect(Math.abs(got - 1)).toBeLessThan(5 * Math.sqrt(2 / 20_000))
})

test('the same seed, step and place give the same noise, any other another', () => {
  const known = noise(4, 3, { seed: 7 })
  expect(noise(4, 3, { seed: 7 })).toEqual(known)
  expect(noise(2, 3, { seed: 7 })).toEqual(known.slice(0, 2))
  for (const other of [noise(4, 3, { seed: 8 }), noise(4, 4, { seed: 7 })])
    expect(other.map((x, k) => x === known[k])).toEqual([false, false, false, false])
  const two = withGradients([[0], [0]])
  gradientNoise(two, 3, { seed: 7 })
  expect(new Set(gradients(two).flat()).size).toBe(2)
})

test('is added to the gradient, and leaves parameters without one alone', () => {
  const [x, without] = [parameter([1, 1]), parameter(1)]
  x.grad = tensor([5, -5])
  gradientNoise([x, without], 0, { eta: 0 })
  expect(gradients([x])).toEqual([[5, -5]])
  expect(without.grad).toBeNull()
})

test.each([
  [() => gradientNoise([], -1), 'gradientNoise: the step must be a whole number ≥ 0, got -1'],
  [() => gradientNoise([], 0.5), 'gradientNoise: the step must be a whole number ≥ 0, got 0.5'],
  [() => gradientNoise([], 0, { eta: -1 }), 'gradientNoise: eta must be ≥ 0, got -1'],
  [() => gradientNoise([], 0, { gamma: Number.NaN }), 'gradientNoise: gamma must be ≥ 0, got NaN'],
  [
    () => gradientNoise([], 0, { seed: 0.5 }),
    'gradientNoise: seed must be a whole number from 0 to 2⁵³ − 1, got 0.5',
  ],
  [() => gradientNoise([], 0), 'gradientNoise: there must be at least one parameter, got none'],
])('refuses: %s', (call, message) => {
  expect(call).toThrow(new RangeError(message))
})
