import { momentumVelocity, parameter, sgd, tensor } from 'downhill'
import { expect, test } from 'vitest'

test('W4: 4.74 and 3.766, where 4.7 and 3.7 are printed', () => {
  const rows = momentumVelocity()
  expect(rows.map(({ v }) => Number(v.toFixed(10)))).toEqual([2, 3.6, 4.74, 3.766])
  expect(rows.map(({ printed }) => printed)).toEqual([2, 3.6, 4.7, 3.7])
  // Rounded to one place at each step, as the text did.
  let rounded = 0
  const byHand = rows.map(({ g }) => {
    rounded = Math.trunc((0.9 * rounded + g) * 10 + 1e-9) / 10
    return rounded
  })
  expect(byHand).toEqual([2, 3.6, 4.7, 3.7])
})

test('it is the momentum of sgd', async () => {
  const x = parameter([0])
  const optimizer = sgd([x], { lr: 1, momentum: 0.9 })
  for (const { g } of momentumVelocity()) {
    x.grad = tensor([g])
    optimizer.step()
  }
  expect((await optimizer.stateDict()).params[0]!.arrays.m![0]).toBe(momentumVelocity()[3]!.v)
})

test('refuses a momentum below 0', () => {
  expect(() => momentumVelocity([1], { momentum: -1 })).toThrow(
    new RangeError('momentumVelocity: momentum must be ≥ 0, got -1'),
  )
})
