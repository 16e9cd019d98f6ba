import { klDiv, tensor } from 'downhill'
import { describe, expect, test } from 'vitest'
import { goldenCases } from '../../support/golden.js'
import { expectLoss } from '../../support/losses.js'
import { expectSlopes, someNumbers } from '../../support/slopes.js'

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test.each(goldenCases('losses', 'nn/losses/klDiv'))('PyTorch: $id', (fixture) =>
    expectLoss(name, fixture, klDiv),
  )
})

test('slopes; a target in logarithms; the batch’s mean', () => {
  const t = tensor(someNumbers(6, 9, 0.1, 1), { shape: [2, 3] })
  const x = tensor(someNumbers(6, 2, -2, 0), { shape: [2, 3] })
  for (const reduction of ['mean', 'sum', 'none', 'batchMean'] as const) {
    expectSlopes((z) => klDiv(z, t, { reduction }), [[2, 3]])
    expectSlopes((z) => klDiv(z, t.log(), { reduction, logTarget: true }), [[2, 3]])
  }
  expect(klDiv(x, t.log(), { logTarget: true }).itemSync()).toBeCloseTo(klDiv(x, t).itemSync(), 14)
  expect(klDiv(x, t, { reduction: 'batchMean' }).itemSync()).toBeCloseTo(
    3 * klDiv(x, t).itemSync(),
    14,
  )
  expect(klDiv(tensor([-1]), tensor([0])).itemSync()).toBe(0)
})
