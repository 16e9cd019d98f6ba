import { adam, sgd, valleyStep, walkValley } from 'downhill'
import { expect, test } from 'vitest'

test('W5: gradient descent is stable up to 2/λmax = 0.02', async () => {
  expect(valleyStep()).toBe(0.02)
  const across = async (lr: number) => {
    const path = await walkValley((params) => sgd(params, { lr }))
    return path.map(({ y }) => y)
  }
  const below = await across(0.019)
  expect(Math.abs(below.at(-1)!)).toBeLessThan(0.01)
  // It zigzags: y changes sign at every step.
  expect(below.every((y, k) => Math.sign(y) === (k % 2 ? -1 : 1))).toBe(true)
  expect(await across(0.02)).toEqual(below.map((_, k) => expect.closeTo(k % 2 ? -1 : 1, 10)))
  expect(Math.abs((await across(0.021)).at(-1)!)).toBeGreaterThan(100)
})

test('momentum gets further than plain steps, and Adam turns least', async () => {
  const walk = { steps: 100 }
  const plain = await walkValley((params) => sgd(params, { lr: 0.01 }), walk)
  const momentum = await walkValley((params) => sgd(params, { lr: 0.01, momentum: 0.8 }), walk)
  const adaptive = await walkValley((params) => adam(params, { lr: 0.2 }), walk)
  expect(plain).toHaveLength(101)
  expect(plain[0]).toEqual({ step: 0, x: -10, y: 1, loss: 150 })
  expect(momentum.at(-1)!.loss).toBeLessThan(plain.at(-1)!.loss)
  const turns = (path: typeof plain) =>
    path.slice(1).filter(({ y }, k) => Math.sign(y) !== Math.sign(path[k]!.y) && Math.abs(y) > 0.05)
      .length
  const zigzag = await walkValley((params) => sgd(params, { lr: 0.019 }), walk)
  expect(turns(adaptive)).toBeLessThan(turns(zigzag) / 2)
})
