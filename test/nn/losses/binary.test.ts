import { bceWithLogits, hingeEmbedding, parameter, softMargin, tensor } from 'downhill'
import { describe, expect, test } from 'vitest'
import { goldenCases } from '../../support/golden.js'
import { expectLoss } from '../../support/losses.js'
import { expectSlopes, someNumbers } from '../../support/slopes.js'

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  // The cases called hinge_embedding are PyTorch's soft_margin_loss: their `impl` says so.
  test.each(goldenCases('losses', 'nn/losses/binary'))('PyTorch: $id', (fixture) =>
    expectLoss(
      name,
      fixture,
      fixture.impl.endsWith('soft_margin_loss') ? softMargin : bceWithLogits,
    ),
  )
})

const signs = tensor([1, -1, 1, -1, -1, 1], { shape: [2, 3] })

test('slopes', () => {
  const shares = tensor(someNumbers(6, 9, 0, 1), { shape: [2, 3] })
  for (const reduction of ['mean', 'sum', 'none'] as const) {
    expectSlopes((x) => bceWithLogits(x, shares, { reduction, posWeight: [1, 2, 3] }), [[2, 3]])
    expectSlopes((x) => softMargin(x, signs, { reduction }), [[2, 3]])
    expectSlopes((x) => hingeEmbedding(x, signs, { reduction, margin: 1.5 }), [[2, 3]])
  }
})

test('the hinge: x for 1, what is missing to the margin for −1', () => {
  const x = parameter([0.5, 0.5, 2])
  const loss = hingeEmbedding(x, tensor([1, -1, -1]), { reduction: 'none' })
  loss.sum().backward()
  expect([[...loss.dataSync()], [...x.grad!.dataSync()]]).toEqual([
    [0.5, 0.5, 0],
    [1, -1, 0],
  ])
})

test('refuses weights that do not fit, and targets that need a gradient', () => {
  const x = tensor([[1, 2]])
  expect(() => bceWithLogits(x, x, { posWeight: [1] })).toThrow(
    'bceWithLogits: posWeight must be 2 numbers ≥ 0, one for each place of the last dimension, got [1]',
  )
  expect(() => softMargin(x, parameter([[1, 1]]))).toThrow(
    'softMargin: its target, tensor [1, 2] on reference, gets no gradient',
  )
})
