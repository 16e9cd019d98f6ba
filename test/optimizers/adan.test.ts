import { adan } from 'downhill'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { type Library, libraryOf, optaxNames, walkTape } from '../support/tapes.js'

const names = {
  lr: 'lr',
  betas: ['beta1', 'beta2', 'beta3'],
  eps: 'eps',
  weight_decay: 'weightDecay',
}
const state = { exp_avg: 'm', exp_avg_diff: 'v', exp_avg_sq: 'n' }

const libraries: Record<string, Library> = {
  'timm.optim.Adan': libraryOf(
    { ...names, no_prox: 'noProx', caution: null },
    { ...state, neg_pre_grad: '-before' },
  ),
  'pytorch_optimizer.Adan': libraryOf(
    { ...names, weight_decouple: 'noProx', max_grad_norm: null, maximize: 'maximize' },
    { ...state, previous_grad: '-before' },
  ),
  'optax.adan': libraryOf(
    { ...optaxNames, b3: 'beta3', eps_root: 'epsRoot' },
    // t is the count of steps.
    { m: 'm', v: 'v', n: 'n', g: 'before', t: null },
    { convention: 'optax' },
  ),
}

const { tapes } = fixtures('optim_modern')

test.each(goldenCases('optim_modern', 'optimizers/adan'))('$impl: $id', async (fixture) => {
  await walkTape(fixture, tapes[fixture.tape as string]!, adan, libraries[fixture.impl]!)
})

test('refuses an option out of its range', () => {
  expect(() => adan([], { beta3: -0.1 })).toThrow(
    new RangeError('adan: beta3 must be in [0, 1), got -0.1'),
  )
})
