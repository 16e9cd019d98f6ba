import { adam, nadam, trace } from 'downhill'
import { describe, expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { walkGroups } from '../support/groups.js'
import { expectResumes } from '../support/laws.js'
import { libraryOf, optaxNames, torchNames, walkTape } from '../support/tapes.js'

const torch = libraryOf(
  { ...torchNames, decoupled_weight_decay: 'decoupled', momentum_decay: 'momentumDecay' },
  { exp_avg: 'm', exp_avg_sq: 'v', mu_product: 'muProduct' },
)
/** `nesterov: true` is what makes Optax's Adam its NAdam. */
const optax = (decoupled: boolean) =>
  libraryOf(
    { ...optaxNames, nesterov: { is: true } },
    { mu: 'm', nu: 'v' },
    { constantMomentum: true, decoupled },
  )

describe.each([
  ['PyTorch', 'optim_adam', goldenCases('optim_adam', 'optimizers/nadam'), torch],
  ['Optax', 'optim_adaptive', goldenCases('optim_adaptive', 'optimizers/nadam'), optax(false)],
  [
    'Optax, decoupled',
    'optim_modern',
    goldenCases('optim_modern', 'optimizers/nadam'),
    optax(true),
  ],
] as const)('%s, float64', (_, file, cases, library) => {
  const { tapes } = fixtures(file)
  test.each(cases)('$id', async (fixture) => {
    await walkTape(fixture, tapes[fixture.tape as string]!, nadam, library)
  })
})

test.each(goldenCases('param_groups', 'optimizers/nadam'))(
  'PyTorch, groups: $id',
  async (fixture) => {
    const { tapes } = fixtures('param_groups')
    await walkGroups(fixture, tapes[fixture.tape as string]!, nadam as never, torch)
  },
)

test.each([true, false])(
  'without momentum it is Adam (constantMomentum: %s)',
  async (constantMomentum) => {
    const walk = { start: 2, gradient: (x: number) => 2 * x - 1, steps: 20 }
    const theirs = await trace(adam, { ...walk, options: { lr: 0.1, beta1: 0 } })
    const ours = await trace(nadam, {
      ...walk,
      options: { lr: 0.1, beta1: 0, constantMomentum },
    })
    for (const [k, { x }] of theirs.entries()) expect(ours[k]!.x).toBeCloseTo(x, 12)
  },
)

test('a saved run goes on to the same bits', async () => {
  await expectResumes((params) => nadam(params, { lr: 0.1 }))
})

test.each([
  [{ lr: -1 }, RangeError, 'nadam: lr must be ≥ 0, got -1'],
  [{ beta2: 1 }, RangeError, 'nadam: beta2 must be in [0, 1), got 1'],
  [{ momentumDecay: -1 }, RangeError, 'nadam: momentumDecay must be ≥ 0, got -1'],
  [{ decoupled: 'yes' }, TypeError, 'nadam: decoupled must be true or false, got "yes"'],
  [
    { constantMomentum: true, momentumDecay: 0.1 },
    RangeError,
    'nadam: a constant momentum does not decay; leave out constantMomentum or momentumDecay, got 0.1',
  ],
])('refuses %o', (options, kind, message) => {
  expect(() => nadam([], options as object)).toThrow(new kind(message))
})
