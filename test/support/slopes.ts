import { parameter, type Tensor, tensor } from 'downhill'
import { expect } from 'vitest'

/** Numbers of a shape, drawn with the same generator as the float32 fixtures: away from 0, and no two equal. */
export function someNumbers(size: number, seed: number, low = -2, high = 2): number[] {
  let state = seed >>> 0
  return Array.from({ length: size }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return low + ((high - low) * (state >>> 8)) / 2 ** 24
  })
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1)

/**
 * Holds the gradients of Σ wᵢ·fᵢ against finite differences, for each input. `compute` must be pure; weights make every element of the result count differently.
 */
export function expectSlopes(
  compute: (...inputs: Tensor[]) => Tensor,
  shapes: readonly (readonly number[])[],
  { seed = 1, low = -2, high = 2, step = 1e-5, tol = 1e-6 } = {},
): void {
  const values = shapes.map((shape, k) => someNumbers(sizeOf(shape), seed + 7 * k, low, high))
  const at = (numbers: number[][]) => {
    const inputs = numbers.map((one, k) => parameter(one, { shape: shapes[k]! }))
    const result = compute(...inputs)
    const weights = tensor(someNumbers(result.size, seed + 99), { shape: result.shape })
    return { inputs, total: result.mul(weights).sum() }
  }
  const { inputs, total } = at(values)
  total.backward()
  for (const [k, input] of inputs.entries()) {
    expect(input.grad?.shape ?? input.shape).toEqual(input.shape)
    const slopes = input.grad ? [...input.grad.dataSync()] : new Array(input.size).fill(0)
    for (const [i, slope] of slopes.entries()) {
      const moved = (by: number) =>
        at(
          values.map((one, j) => (j === k ? one.map((x, n) => (n === i ? x + by : x)) : one)),
        ).total.itemSync()
      const estimate = (moved(step) - moved(-step)) / (2 * step)
      expect(
        Math.abs(slope - estimate),
        `input ${k}, element ${i}: ${slope} is ${estimate}`,
      ).toBeLessThanOrEqual(tol * Math.max(1, Math.abs(slope)))
    }
  }
}
