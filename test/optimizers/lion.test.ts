import { lion } from 'downhill'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { type Library, libraryOf, optaxNames, walkTape } from '../support/tapes.js'

const names = {
  lr: 'lr',
  betas: ['beta1', 'beta2'],
  weight_decay: 'weightDecay',
  maximize: 'maximize',
}

const libraries: Record<string, Library> = {
  'timm.optim.Lion': libraryOf(
    { ...names, caution: 'cautious', corrected_weight_decay: null },
    { exp_avg: 'm' },
  ),
  'pytorch_optimizer.Lion': libraryOf(
    { ...names, weight_decouple: 'decoupled', fixed_decay: null },
    { exp_avg: 'm' },
  ),
  'optax.lion': libraryOf(optaxNames, { mu: 'm' }),
}

const { tapes } = fixtures('optim_modern')

test.each(goldenCases('optim_modern', 'optimizers/lion'))('$impl: $id', async (fixture) => {
  await walkTape(fixture, tapes[fixture.tape as string]!, lion, libraries[fixture.impl]!)
})

test('refuses an option out of its range', () => {
  expect(() => lion([], { beta2: 1.5 })).toThrow(
    new RangeError('lion: beta2 must be in [0, 1), got 1.5'),
  )
})
