import { huber, l1, mse, smoothL1, type Tensor, tensor } from 'downhill'
import { describe, expect, test } from 'vitest'
import { goldenCases } from '../../support/golden.js'
import { expectLoss } from '../../support/losses.js'
import { expectSlopes } from '../../support/slopes.js'

const losses: Record<string, (x: Tensor, t: Tensor, options: object) => Tensor> = {
  mse,
  l1,
  smooth_l1: smoothL1,
  huber,
}

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test.each(goldenCases('losses', 'nn/losses/regression'))('PyTorch: $id', (fixture) =>
    expectLoss(name, fixture, losses[fixture.id.replace(/(_[\d.]+)?_[a-z]+$/, '')]!),
  )
})

test.each(Object.entries(losses))('slopes of %s, for input and target', (_, loss) => {
  for (const reduction of ['mean', 'sum', 'none'])
    expectSlopes(
      (x, t) => loss(x, t, { reduction }),
      [
        [2, 3],
        [2, 3],
      ],
    )
})

test('smoothL1 with β = 0 is l1; huber is δ times smoothL1', () => {
  const [x, t] = [tensor([1, 2, -3]), tensor([1, 0, 4])]
  expect(smoothL1(x, t, { beta: 0 }).itemSync()).toBe(l1(x, t).itemSync())
  expect(huber(x, t, { delta: 2 }).itemSync()).toBeCloseTo(
    2 * smoothL1(x, t, { beta: 2 }).itemSync(),
    14,
  )
})

test('refuses other shapes and options', () => {
  expect(() => mse(tensor([1, 2]), tensor([[1, 2]]))).toThrow(
    new RangeError(
      'mse: tensor [2] on reference and its target, tensor [1, 2] on reference, must have equal shapes; reshape one',
    ),
  )
  expect(() => huber(tensor([1]), tensor([1]), { delta: 0 })).toThrow(
    'huber: delta must be > 0, got 0',
  )
  expect(() => l1(tensor([1]), tensor([1]), { reduction: 'all' as never })).toThrow(
    'l1: reduction must be "mean" or "sum" or "none", got "all"',
  )
})
