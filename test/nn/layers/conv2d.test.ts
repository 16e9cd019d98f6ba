import { conv2d, tensor, useBackend } from 'downhill'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { expectSlopes, someNumbers } from '../../support/slopes.js'

afterEach(() => useBackend('reference'))

/** The definition, in seven loops. */
function convolved(
  x: ArrayLike<number>,
  [n, inputs, height, width]: number[],
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  { kernel, stride, padding }: { kernel: number; stride: number; padding: number },
): number[] {
  const result: number[] = []
  const [rows, columns] = [height!, width!].map(
    (one) => Math.floor((one + 2 * padding - kernel) / stride) + 1,
  )
  for (let image = 0; image < n!; image++)
    for (let o = 0; o < bias.length; o++)
      for (let r = 0; r < rows!; r++)
        for (let c = 0; c < columns!; c++) {
          let sum = bias[o]!
          for (let i = 0; i < inputs!; i++)
            for (let a = 0; a < kernel; a++)
              for (let b = 0; b < kernel; b++) {
                const [y, z] = [r * stride + a - padding, c * stride + b - padding]
                if (y < 0 || y >= height! || z < 0 || z >= width!) continue
                sum +=
                  x[((image * inputs! + i) * height! + y) * width! + z]! *
                  weight[((o * inputs! + i) * kernel + a) * kernel + b]!
              }
          result.push(sum)
        }
  return result
}

const sizes = fc.record({
  shape: fc.tuple(...[2, 2, 5, 5].map((max, k) => fc.integer({ min: k < 2 ? 1 : 3, max }))),
  outputs: fc.integer({ min: 1, max: 3 }),
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 2 }),
  padding: fc.integer({ min: 0, max: 2 }),
})

describe.each(['reference', 'simd', 'gpu:cpu'] as const)('on %s', (name) => {
  test('is what the definition says', async () => {
    await useBackend(name)
    await fc.assert(
      fc.asyncProperty(sizes, async ({ shape, outputs, kernel, stride, padding }) => {
        const layer = conv2d(shape[1]!, outputs, kernel, { stride, padding, seed: 1 })
        const [weight, bias] = await Promise.all(layer.parameters().map((one) => one.data()))
        const x = tensor(
          someNumbers(
            shape.reduce((a, b) => a * b),
            2,
          ),
          { shape },
        )
        const y = await layer(x).data()
        const expected = convolved(await x.data(), shape, weight!, bias!, {
          kernel,
          stride,
          padding,
        })
        expect(y.length).toBe(expected.length)
        for (const [k, value] of y.entries())
          expect(Math.abs(value - expected[k]!)).toBeLessThan(1e-5)
      }),
      { numRuns: 15 },
    )
  })
})

test('slopes of the image, and of the kernel by exchanging the two', () => {
  fc.assert(
    fc.property(sizes, ({ shape, outputs, kernel, stride, padding }) => {
      const layer = conv2d(shape[1]!, outputs, kernel, { stride, padding, seed: 1 })
      expectSlopes(layer, [shape])
      const [weight, bias] = layer.parameters()
      const x = tensor(
        someNumbers(
          shape.reduce((a, b) => a * b),
          2,
        ),
        { shape },
      )
      const loss = () => layer(x).square().sum()
      for (const param of layer.parameters()) param.grad = null
      loss().backward()
      for (const param of [weight!, bias!]) {
        const values = [...param.dataSync()]
        const slopes = [...param.grad!.dataSync()]
        for (const [k, slope] of slopes.entries()) {
          const moved = (by: number) => {
            param.replace(param.backend.write(values.map((one, i) => (i === k ? one + by : one))))
            return loss().itemSync()
          }
          const estimate = (moved(1e-5) - moved(-1e-5)) / 2e-5
          expect(Math.abs(slope - estimate)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)))
        }
        param.replace(param.backend.write(values))
      }
    }),
    { numRuns: 6 },
  )
})

test('refuses what are no images, and images that are too small', () => {
  expect(() => conv2d(2, 3, 3)(tensor([[1, 2]]))).toThrow(
    new RangeError(
      'conv2d(2, 3, 3): its input must be [n, 2, height, width], got tensor [1, 2] on reference',
    ),
  )
  expect(() => conv2d(1, 3, 3)(tensor([1, 2, 3, 4], { shape: [1, 1, 2, 2] }))).toThrow(
    'an image must be at least 3 high and wide',
  )
  expect(() => conv2d(1, 1, 3, { stride: 0 })).toThrow(
    'conv2d: stride must be a whole number ≥ 1, got 0',
  )
})
