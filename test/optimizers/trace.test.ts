import { adam, sgd, trace } from 'downhill'
import { expect, test } from 'vitest'

test('three Adam steps on x², every intermediate', async () => {
  const rows = await trace(adam, {
    start: 2,
    gradient: (x) => 2 * x,
    steps: 3,
    options: { lr: 0.01 },
  })
  expect(Object.keys(rows[0]!)).toEqual(['t', 'g', 'm', 'v', 'mHat', 'vHat', 'x'])
  expect(rows.map(({ x }) => x.toFixed(4))).toEqual(['1.9900', '1.9800', '1.9700'])
})

test('what an option switches off is not reported', async () => {
  const walk = { start: 2, gradient: (x: number) => 2 * x, steps: 1 }
  const columns = async (momentum: number) =>
    Object.keys((await trace(sgd, { ...walk, options: { momentum } }))[0]!)
  expect(await columns(0)).toEqual(['t', 'g', 'x'])
  expect(await columns(0.9)).toEqual(['t', 'g', 'm', 'x'])
})
