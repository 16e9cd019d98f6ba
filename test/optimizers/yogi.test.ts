import { yogi } from 'downhill'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { type Library, libraryOf, optaxNames, walkTape } from '../support/tapes.js'

const names = {
  lr: 'lr',
  betas: ['beta1', 'beta2'],
  eps: 'eps',
  initial_accumulator: 'initialAccumulator',
  weight_decay: 'weightDecay',
}
const state = { exp_avg: 'm', exp_avg_sq: 'v' }

const libraries: Record<string, Library> = {
  'torch_optimizer.Yogi': libraryOf(names, state),
  'pytorch_optimizer.Yogi': libraryOf(
    { ...names, weight_decouple: 'decoupled', fixed_decay: null, maximize: 'maximize' },
    state,
  ),
  'optax.yogi': libraryOf(optaxNames, { mu: 'm', nu: 'v' }),
}

const { tapes } = fixtures('optim_modern')

test.each(goldenCases('optim_modern', 'optimizers/yogi'))('$impl: $id', async (fixture) => {
  await walkTape(fixture, tapes[fixture.tape as string]!, yogi, libraries[fixture.impl]!)
})

test('refuses an option out of its range', () => {
  expect(() => yogi([], { eps: 0 })).toThrow(new RangeError('yogi: eps must be > 0, got 0'))
})
