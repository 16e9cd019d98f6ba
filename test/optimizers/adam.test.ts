import { adam } from 'downhill'
import { describe, expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { walkTape } from '../support/tapes.js'

const { tapes } = fixtures('optim_adam')

test.each(goldenCases('optim_adam', 'optimizers/adam'))(
  'PyTorch, float64: $id',
  async (fixture) => {
    await walkTape(fixture, tapes[fixture.tape as string]!)
  },
)

describe('refuses', () => {
  test.each([
    [{ lr: -1 }, RangeError, 'adam: lr must be ≥ 0, got -1'],
    [{ lr: Number.NaN }, RangeError, 'adam: lr must be ≥ 0, got NaN'],
    [{ lr: Number.POSITIVE_INFINITY }, RangeError, 'adam: lr must be finite, got Infinity'],
    [{ beta1: -0.1 }, RangeError, 'adam: beta1 must be in [0, 1), got -0.1'],
    [{ beta2: 1 }, RangeError, 'adam: beta2 must be in [0, 1), got 1'],
    [{ eps: 0 }, RangeError, 'adam: eps must be > 0, got 0'],
    [{ weightDecay: -1 }, RangeError, 'adam: weightDecay must be ≥ 0, got -1'],
    [{ amsgrad: 1 }, TypeError, 'adam: amsgrad must be true or false, got 1'],
    [{ lr: '0.1' }, TypeError, 'adam: lr must be a number, got "0.1"'],
    [
      { beta3: 0.9 },
      TypeError,
      'adam: there is no option "beta3"; it takes lr, beta1, beta2, eps, weightDecay, amsgrad, maximize',
    ],
  ])('%o', (options, kind, message) => {
    expect(() => adam([], options as object)).toThrow(new kind(message))
  })
})
