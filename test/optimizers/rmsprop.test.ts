import { rmsprop, trace } from 'downhill'
import { describe, expect, test } from 'vitest'
import { type Fixture, fixtures, goldenCases } from '../support/golden.js'
import { walkGroups } from '../support/groups.js'
import { expectResumes } from '../support/laws.js'
import { type Library, libraryOf, optaxNames, torchNames, walkTape } from '../support/tapes.js'

const names = { ...torchNames, alpha: 'rho', momentum: 'momentum', centered: 'centered' }
const state = { square_avg: 'v', grad_avg: 'm', momentum_buffer: 'b' }
const libraries: Record<string, Library> = {
  'torch.optim.RMSprop': libraryOf(names, state),
  'timm.optim.RMSpropTF': libraryOf(
    {
      ...names,
      lr_in_momentum: 'lrInMomentum',
      decoupled_decay: null,
      corrected_weight_decay: null,
      caution: null,
    },
    state,
    { initial: 1, epsInside: true },
  ),
}

/** Optax's momentum is a trace of what is already −lr·u: without momentum there is none to hold lr, and its sign is the other. */
const optax = ({ hyper }: Fixture): Library =>
  libraryOf(
    {
      ...optaxNames,
      decay: 'rho',
      initial_scale: 'initial',
      eps_in_sqrt: 'epsInside',
      centered: 'centered',
      momentum: 'momentum',
      nesterov: 'nesterov',
      bias_correction: null,
    },
    { mu: 'm', nu: 'v', trace: '-b' },
    { lrInMomentum: (hyper as { momentum: number | null }).momentum !== null },
  )

const { tapes } = fixtures('optim_adaptive')

test.each(goldenCases('optim_adaptive', 'optimizers/rmsprop'))(
  '$impl, float64: $id',
  async (fixture) => {
    const library = libraries[fixture.impl] ?? optax(fixture)
    await walkTape(fixture, tapes[fixture.tape as string]!, rmsprop, library)
  },
)

test.each(goldenCases('param_groups', 'optimizers/rmsprop'))(
  'PyTorch, groups: $id',
  async (fixture) => {
    const tape = fixtures('param_groups').tapes[fixture.tape as string]!
    await walkGroups(fixture, tape, rmsprop as never, libraries[fixture.impl]!)
  },
)

test('while the gradient stays the same, rounding makes no root of a negative number', async () => {
  const rows = await trace(rmsprop, {
    start: 1,
    gradient: () => 0.7,
    steps: 100,
    options: { rho: 0.5, centered: true },
  })
  expect(rows.some(({ v, m }) => v! < m! * m!)).toBe(true) // without which this would test nothing
  for (const { spread, x } of rows) {
    expect(spread).toBeGreaterThanOrEqual(0)
    expect(x).toBeLessThan(1)
  }
})

describe('lrInMomentum', () => {
  const walk = (lr: (step: number) => number, lrInMomentum: boolean) =>
    trace(rmsprop, {
      start: 2,
      gradient: (x) => 2 * x,
      steps: 12,
      options: { lr, momentum: 0.9, lrInMomentum },
    })

  test('is the same path at a constant rate', async () => {
    const [inside, outside] = await Promise.all([walk(() => 0.01, true), walk(() => 0.01, false)])
    for (const [k, { x }] of outside.entries()) expect(inside[k]!.x).toBeCloseTo(x, 12)
  })

  test('lets a new rate work only on new steps', async () => {
    const drop = (step: number) => (step < 6 ? 0.01 : 0)
    const rows = [await walk(drop, false), await walk(drop, true)]
    const [moving, coasting] = rows.map((row) => row[6]!.x - row[5]!.x)
    expect(moving).toBeCloseTo(0, 15)
    expect(coasting).toBeLessThan(-0.01)
  })
})

test('a saved run goes on to the same bits', async () => {
  await expectResumes((params) =>
    rmsprop(params, { lr: 0.1, initial: 1, momentum: 0.9, centered: true }),
  )
})

test.each([
  [{ rho: 1 }, RangeError, 'rmsprop: rho must be in [0, 1), got 1'],
  [{ initial: -1 }, RangeError, 'rmsprop: initial must be ≥ 0, got -1'],
  [{ eps: 0 }, RangeError, 'rmsprop: eps must be > 0, got 0'],
  [{ centered: 1 }, TypeError, 'rmsprop: centered must be true or false, got 1'],
  [{ nesterov: true }, RangeError, 'rmsprop: nesterov needs momentum > 0, got momentum 0'],
  [{ lrInMomentum: true }, RangeError, 'rmsprop: lrInMomentum needs momentum > 0, got momentum 0'],
  [
    { alpha: 0.9 },
    TypeError,
    'rmsprop: there is no option "alpha"; it takes lr, rho, eps, weightDecay, momentum, nesterov, centered, initial, epsInside, lrInMomentum, maximize',
  ],
])('refuses %o', (options, kind, message) => {
  expect(() => rmsprop([], options as object)).toThrow(new kind(message))
})
