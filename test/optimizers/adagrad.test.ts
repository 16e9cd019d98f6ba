import { adagrad, trace } from 'downhill'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { type Library, libraryOf, optaxNames, torchNames, walkTape } from '../support/tapes.js'

const initial = { initial_accumulator_value: 'initial' }
const libraries: Record<string, Library> = {
  'torch.optim.Adagrad': libraryOf(
    { ...torchNames, ...initial, lr_decay: 'lrDecay' },
    { sum: 's' },
  ),
  'optax.adagrad': libraryOf(
    { ...optaxNames, ...initial },
    { sum_of_squares: 's' },
    { epsInside: true },
  ),
}

const { tapes } = fixtures('optim_adaptive')

test.each(goldenCases('optim_adaptive', 'optimizers/adagrad'))(
  '$impl, float64: $id',
  async (fixture) => {
    const tape = tapes[fixture.tape as string]!
    await walkTape(fixture, tape, adagrad, libraries[fixture.impl]!)
  },
)

test.each([1e-3, 1, 1e6])('at a steady gradient of %d step t is α/√t', async (gradient) => {
  const rows = await trace(adagrad, {
    start: 0,
    gradient: () => gradient,
    steps: 50,
    options: { lr: 0.5, eps: 1e-30 },
  })
  for (const [k, { t, x }] of rows.entries())
    expect((rows[k - 1]?.x ?? 0) - x).toBeCloseTo(0.5 / Math.sqrt(t), 12)
})

test.each([
  [{ lr: Number.POSITIVE_INFINITY }, RangeError, 'adagrad: lr must be finite, got Infinity'],
  [{ lrDecay: -1 }, RangeError, 'adagrad: lrDecay must be ≥ 0, got -1'],
  [{ initial: -0.1 }, RangeError, 'adagrad: initial must be ≥ 0, got -0.1'],
  [{ eps: 0 }, RangeError, 'adagrad: eps must be > 0, got 0'],
  [{ epsInside: 'yes' }, TypeError, 'adagrad: epsInside must be true or false, got "yes"'],
])('refuses %o', (options, kind, message) => {
  expect(() => adagrad([], options as object)).toThrow(new kind(message))
})
