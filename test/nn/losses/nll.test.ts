import { crossEntropy, nll, tensor } from 'downhill'
import { describe, expect, test } from 'vitest'
import { goldenCases } from '../../support/golden.js'
import { expectLoss } from '../../support/losses.js'
import { expectSlopes, someNumbers } from '../../support/slopes.js'

describe.each(['reference', 'simd'] as const)('on %s', (name) => {
  test.each(goldenCases('losses', 'nn/losses/nll'))('PyTorch: $id', (fixture) =>
    expectLoss(name, fixture, nll),
  )
})

const target = tensor([0, 2, 1, 2])

test('after logSoftmax it is crossEntropy, with weights and what is ignored', () => {
  const z = tensor(someNumbers(12, 5), { shape: [4, 3] })
  for (const reduction of ['mean', 'sum', 'none'] as const)
    for (const options of [
      {},
      { weight: [1, 2, 0.5] },
      { ignoreIndex: 2 },
      { weight: [1, 2, 0.5], ignoreIndex: 1 },
    ]) {
      const [one, two] = [
        nll(z.logSoftmax(), target, { reduction, ...options }),
        crossEntropy(z, target, { reduction, ...options }),
      ]
      for (const [k, value] of one.dataSync().entries())
        expect(value).toBeCloseTo(two.dataSync()[k]!, 12)
      expectSlopes((x) => nll(x, target, { reduction, ...options }), [[4, 3]])
    }
})

test('a number that is no class is NaN; shares are refused', () => {
  expect(nll(tensor([[0, 0]]), tensor([2])).itemSync()).toBeNaN()
  expect(nll(tensor([[0, 0]]), tensor([-1])).itemSync()).toBeNaN()
  expect(() => nll(tensor([[0, 0]]), tensor([[0, 1]]))).toThrow(
    'nll: the target must be class numbers',
  )
})
