import { adamw } from 'downhill'
import { describe, expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { mutants } from '../support/mutants.js'
import { libraryOf, optaxNames, walkTape } from '../support/tapes.js'

const { tapes } = fixtures('optim_adam')

test.each(goldenCases('optim_adam', 'optimizers/adamw'))(
  'PyTorch, float64: $id',
  async (fixture) => {
    await walkTape(fixture, tapes[fixture.tape as string]!)
  },
)

const optax = libraryOf({ ...optaxNames, nesterov: null }, { mu: 'm', nu: 'v' })

test.each(goldenCases('optim_modern', 'optimizers/adamw'))(
  'Optax, float64: $id',
  async (fixture) => {
    await walkTape(fixture, fixtures('optim_modern').tapes[fixture.tape as string]!, adamw, optax)
  },
)

test.each(Object.entries(mutants))('golden numbers catch a wrong AdamW: %s', async (_, mutant) => {
  const plain = goldenCases('optim_adam', 'optimizers/adamw').filter(
    ({ hyper }) =>
      !(hyper as { amsgrad: boolean }).amsgrad && !(hyper as { maximize: boolean }).maximize,
  )
  const caught: string[] = []
  for (const fixture of plain)
    await walkTape(fixture, tapes[fixture.tape as string]!, mutant).catch(() =>
      caught.push(fixture.id),
    )
  expect(caught).toContain('adamw_wd')
})

describe('refuses', () => {
  test.each([
    [{ lr: -1 }, RangeError, 'adamw: lr must be ≥ 0, got -1'],
    [{ lr: Number.NaN }, RangeError, 'adamw: lr must be ≥ 0, got NaN'],
    [{ lr: Number.POSITIVE_INFINITY }, RangeError, 'adamw: lr must be finite, got Infinity'],
    [{ beta1: -0.1 }, RangeError, 'adamw: beta1 must be in [0, 1), got -0.1'],
    [{ beta2: 1 }, RangeError, 'adamw: beta2 must be in [0, 1), got 1'],
    [{ eps: 0 }, RangeError, 'adamw: eps must be > 0, got 0'],
    [{ weightDecay: -1 }, RangeError, 'adamw: weightDecay must be ≥ 0, got -1'],
    [{ amsgrad: 1 }, TypeError, 'adamw: amsgrad must be true or false, got 1'],
    [{ lr: '0.1' }, TypeError, 'adamw: lr must be a number, got "0.1"'],
    [
      { beta3: 0.9 },
      TypeError,
      'adamw: there is no option "beta3"; it takes lr, beta1, beta2, eps, weightDecay, amsgrad, maximize',
    ],
  ])('%o', (options, kind, message) => {
    expect(() => adamw([], options as object)).toThrow(new kind(message))
  })
})
