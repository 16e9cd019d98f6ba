import { clippedGradient } from 'downhill'
import { expect, test } from 'vitest'

test('W2: the printed numbers', async () => {
  const { norm, scale, byNorm, turned } = await clippedGradient()
  expect(norm).toBe(Math.sqrt(129))
  expect([norm, scale].map((x) => x.toFixed(4))).toEqual(['11.3578', '0.4402'])
  expect(byNorm.map((x) => Number(x.toFixed(4)))).toEqual([
    2.6414, -3.5218, 1.3207, -1.7609, 0.8805,
  ])
  expect(Math.hypot(...byNorm)).toBeCloseTo(4.9999996, 7)
  expect(turned.byNorm).toBeLessThan(1e-5)
  expect(turned.byValue).toBeGreaterThan(10)
})

test('without ε the norm is 5, and below the limit nothing changes', async () => {
  expect(Math.hypot(...(await clippedGradient(undefined, { eps: 0 })).byNorm)).toBeCloseTo(5, 14)
  const small = await clippedGradient([1, 2], { limit: 5 })
  expect([small.byNorm, small.byValue, small.scale]).toEqual([[1, 2], [1, 2], 1])
})
