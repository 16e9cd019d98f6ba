import { adamax } from 'downhill'
import { describe, expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { expectScaleFree } from '../support/laws.js'
import { libraryOf, optaxNames, torchNames, walkTape } from '../support/tapes.js'

const torch = libraryOf(torchNames, { exp_avg: 'm', exp_inf: 'u' })
const optaxState = { mu: 'm', nu: 'u' }
const optax = libraryOf(optaxNames, optaxState)
const optaxAdamaxw = libraryOf(optaxNames, optaxState, { decoupled: true })

describe.each([
  ['PyTorch', 'optim_adam', goldenCases('optim_adam', 'optimizers/adamax'), torch],
  ['Optax', 'optim_adaptive', goldenCases('optim_adaptive', 'optimizers/adamax'), optax],
  [
    'Optax, decoupled',
    'optim_modern',
    goldenCases('optim_modern', 'optimizers/adamax'),
    optaxAdamaxw,
  ],
] as const)('%s, float64', (_, file, cases, library) => {
  const { tapes } = fixtures(file)
  test.each(cases)('$id', async (fixture) => {
    await walkTape(fixture, tapes[fixture.tape as string]!, adamax, library)
  })
})

test('gradients 1024 times as large make the same steps', async () => {
  await expectScaleFree(adamax, { eps: 1e-300 })
})

test.each([
  [{ lr: -1 }, RangeError, 'adamax: lr must be ≥ 0, got -1'],
  [{ beta1: 1 }, RangeError, 'adamax: beta1 must be in [0, 1), got 1'],
  [{ beta2: Number.NaN }, RangeError, 'adamax: beta2 must be in [0, 1), got NaN'],
  [{ eps: 0 }, RangeError, 'adamax: eps must be > 0, got 0'],
  [{ weightDecay: -0.1 }, RangeError, 'adamax: weightDecay must be ≥ 0, got -0.1'],
  [{ decoupled: 1 }, TypeError, 'adamax: decoupled must be true or false, got 1'],
  [
    { amsgrad: true },
    TypeError,
    'adamax: there is no option "amsgrad"; it takes lr, beta1, beta2, eps, weightDecay, decoupled, maximize',
  ],
])('refuses %o', (options, kind, message) => {
  expect(() => adamax([], options as object)).toThrow(new kind(message))
})
