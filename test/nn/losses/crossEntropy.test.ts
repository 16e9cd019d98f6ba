import { crossEntropy, parameter, tensor, useBackend } from 'downhill'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { openBackend } from '../../../src/backend/use.js'
import { goldenCases } from '../../support/golden.js'
import { expectLoss } from '../../support/losses.js'
import { expectSlopes, someNumbers } from '../../support/slopes.js'

afterEach(() => useBackend('reference'))

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test.each(goldenCases('losses', 'nn/losses/crossEntropy'))('PyTorch: $id', (fixture) =>
    expectLoss(name, fixture, crossEntropy),
  )
})

test('slopes', () => {
  const size = fc.integer({ min: 1, max: 4 })
  const options = fc.record({
    reduction: fc.constantFrom('mean' as const, 'sum' as const, 'none' as const),
    labelSmoothing: fc.constantFrom(0, 0.1, 1),
  })
  fc.assert(
    fc.property(size, size, options, fc.boolean(), (rows, classes, given, weighted) => {
      const target = tensor(Array.from({ length: rows }, (_, k) => k % classes))
      const weight = weighted ? someNumbers(classes, 5, 0.5, 2) : undefined
      const all = { ...given, ...(weight && { weight }) }
      expectSlopes((z) => crossEntropy(z, target, all), [[rows, classes]])
      const shares = tensor(someNumbers(rows * classes, 3, 0, 1), { shape: [rows, classes] })
      expectSlopes((z) => crossEntropy(z, shares, all), [[rows, classes]])
    }),
    { numRuns: 30 },
  )
})

test('at most six launches, forward and backward', async () => {
  const reference = await openBackend('reference')
  let launches = 0
  const counted: Record<string, unknown> = { ...reference }
  for (const name of ['map', 'fold', 'matmul', 'pick', 'reduce'] as const)
    counted[name] = (...args: unknown[]) => {
      launches += 1
      return (reference[name] as (...all: unknown[]) => unknown)(...args)
    }
  const on = counted as unknown as typeof reference
  const logits = tensor(someNumbers(12, 1), { shape: [4, 3], requiresGrad: true, on })
  const loss = crossEntropy(logits, tensor([0, 1, 2, 0], { on }))
  loss.backward()
  expect(launches).toBe(6)
})

test('one row without a batch; large logits; a number that is no class', () => {
  expect(crossEntropy(tensor([0, 0]), tensor(1)).itemSync()).toBeCloseTo(Math.LN2, 15)
  expect(crossEntropy(tensor([[1000, 0]]), tensor([1])).itemSync()).toBe(1000)
  expect(crossEntropy(tensor([[1, 0]]), tensor([2])).itemSync()).toBeNaN()
  expect(crossEntropy(tensor([[1, 0]]), tensor([0.5])).itemSync()).toBeNaN()
  expect(crossEntropy(tensor([[1, 0]]), tensor([-1])).itemSync()).toBeNaN()
})

test('refuses what does not fit', () => {
  const logits = parameter([1, 2, 3, 4], { shape: [2, 2] })
  expect(() => crossEntropy(logits, tensor([0, 1, 1]))).toThrow(
    new RangeError(
      'crossEntropy: tensor [3] on reference fits no tensor [2, 2] on reference; give one class number a row, [2], or shares of the same shape',
    ),
  )
  expect(() => crossEntropy(logits, tensor([0, 1]), { labelSmoothing: 2 })).toThrow(
    'crossEntropy: labelSmoothing must be in [0, 1], got 2',
  )
  expect(() => crossEntropy(logits, tensor([0, 1]), { weight: [1] })).toThrow(
    'crossEntropy: weight must be 2 numbers ≥ 0, one a class, got 1',
  )
  expect(() => crossEntropy(parameter(1), tensor(0))).toThrow('crossEntropy: logits must be')
})

test.each(['reference', 'simd'] as const)(
  'of a batch that is all ignored the gradient is 0, as in PyTorch, on %s',
  async (name) => {
    await useBackend(name)
    const logits = parameter([
      [1, 2, 3],
      [3, 2, 1],
    ])
    const loss = crossEntropy(logits, tensor([1, 1]), { ignoreIndex: 1, labelSmoothing: 0.1 })
    loss.backward()
    expect(loss.itemSync()).toBeNaN()
    expect([...logits.grad!.dataSync()]).toEqual([0, 0, 0, 0, 0, 0])
  },
)
