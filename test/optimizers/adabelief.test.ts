import { adabelief } from 'downhill'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { type Library, libraryOf, optaxNames, walkTape } from '../support/tapes.js'

const names = {
  lr: 'lr',
  betas: ['beta1', 'beta2'],
  weight_decay: 'weightDecay',
  amsgrad: 'amsgrad',
  rectify: 'rectify',
  fixed_decay: null,
}
const state = { exp_avg: 'm', exp_avg_var: 's', max_exp_avg_var: 'sMax' }

/** One ε for both places. */
const oneEps = (library: Library): Library => ({
  ...library,
  options: ({ eps, ...hyper }) => ({ ...library.options(hyper), eps, epsRoot: eps }),
})

const libraries: Record<string, Library> = {
  // Without rectification there is nothing that could degenerate.
  'timm.optim.AdaBelief': oneEps({
    ...libraryOf({ ...names, decoupled_decay: 'decoupled' }, state),
    options: ({ degenerated_to_sgd, ...hyper }) =>
      libraryOf({ ...names, decoupled_decay: 'decoupled' }, state).options(hyper),
  }),
  'torch_optimizer.AdaBelief': oneEps(
    // A constant of the rectification, kept for show.
    libraryOf({ ...names, weight_decouple: 'decoupled' }, { ...state, rho_inf: null }),
  ),
  'pytorch_optimizer.AdaBelief': oneEps({
    ...libraryOf({}, state),
    options: ({ degenerated_to_sgd, n_sma_threshold, ...hyper }) =>
      libraryOf(
        { ...names, weight_decouple: 'decoupled', ams_bound: 'amsgrad', maximize: 'maximize' },
        state,
      ).options(hyper),
  }),
  'optax.adabelief': libraryOf(
    { ...optaxNames, eps_root: 'epsRoot', nesterov: null },
    { mu: 'm', nu: 's' },
  ),
}

const { tapes } = fixtures('optim_modern')

test.each(goldenCases('optim_modern', 'optimizers/adabelief'))('$impl: $id', async (fixture) => {
  await walkTape(fixture, tapes[fixture.tape as string]!, adabelief, libraries[fixture.impl]!)
})

test('refuses an option out of its range', () => {
  expect(() => adabelief([], { epsRoot: -1 })).toThrow(
    new RangeError('adabelief: epsRoot must be ≥ 0, got -1'),
  )
})
