import { adadelta } from 'downhill'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { expectScaleFree } from '../support/laws.js'
import { type Library, libraryOf, optaxNames, torchNames, walkTape } from '../support/tapes.js'

const libraries: Record<string, Library> = {
  'torch.optim.Adadelta': libraryOf(
    { ...torchNames, rho: 'rho' },
    { square_avg: 'v', acc_delta: 'a' },
  ),
  'optax.adadelta': libraryOf({ ...optaxNames, rho: 'rho' }, { e_g: 'v', e_x: 'a' }),
}

const { tapes } = fixtures('optim_adaptive')

test.each(goldenCases('optim_adaptive', 'optimizers/adadelta'))(
  '$impl, float64: $id',
  async (fixture) => {
    const tape = tapes[fixture.tape as string]!
    await walkTape(fixture, tape, adadelta, libraries[fixture.impl]!)
  },
)

test('gradients 1024 times as large make the same steps', async () => {
  await expectScaleFree(adadelta, { eps: 1e-30 })
})

test.each([
  [{ lr: -1 }, RangeError, 'adadelta: lr must be ≥ 0, got -1'],
  [{ rho: 1 }, RangeError, 'adadelta: rho must be in [0, 1), got 1'],
  [{ eps: 0 }, RangeError, 'adadelta: eps must be > 0, got 0'],
  [{ weightDecay: '0' }, TypeError, 'adadelta: weightDecay must be a number, got "0"'],
])('refuses %o', (options, kind, message) => {
  expect(() => adadelta([], options as object)).toThrow(new kind(message))
})
