import { lars } from 'downhill'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { type Library, walkTape } from '../support/tapes.js'

const sgdOptions = (hyper: Record<string, never>) => ({
  lr: hyper.lr,
  momentum: hyper.momentum,
  dampening: hyper.dampening,
  nesterov: hyper.nesterov,
  weightDecay: hyper.weight_decay,
})

const libraries: Record<string, Library> = {
  'timm.optim.Lars': {
    options: (hyper) => ({
      ...sgdOptions(hyper),
      trustCoefficient: hyper.trust_coeff,
      eps: hyper.eps,
      alwaysAdapt: hyper.always_adapt,
      trustClip: hyper.trust_clip,
    }),
    state: { momentum_buffer: 'm' },
  },
  'optax.lars': {
    options: (hyper) => ({
      lr: hyper.learning_rate,
      momentum: hyper.momentum,
      nesterov: hyper.nesterov,
      weightDecay: hyper.weight_decay,
      trustCoefficient: hyper.trust_coefficient,
      eps: hyper.eps,
      convention: 'optax',
    }),
    // Optax keeps what it adds, ours what it subtracts.
    state: { trace: '-m' },
  },
  'torch_optimizer.LARS': {
    options: (hyper) => ({
      ...sgdOptions(hyper),
      trustCoefficient: hyper.trust_coefficient,
      eps: hyper.eps,
      convention: 'torch-optimizer',
    }),
    state: { momentum_buffer: 'm' },
  },
  'pytorch_optimizer.LARS': {
    options: (hyper) => ({
      ...sgdOptions(hyper),
      trustCoefficient: hyper.trust_coefficient,
      convention: 'pytorch-optimizer',
    }),
    state: { momentum_buffer: 'm' },
  },
}

const { tapes } = fixtures('optim_layerwise')

test.each(goldenCases('optim_layerwise', 'optimizers/lars'))('$impl: $id', async (fixture) => {
  await walkTape(fixture, tapes[fixture.tape as string]!, lars, libraries[fixture.impl]!)
})

test.each([
  [{ lr: -1 }, 'lars: lr must be ≥ 0, got -1'],
  [
    { nesterov: true },
    'lars: nesterov needs momentum > 0 and dampening 0, got momentum 0, dampening 0',
  ],
  [
    { convention: 'optax', trustClip: true },
    'lars: alwaysAdapt and trustClip are timm\'s; convention "optax" has neither, leave them out',
  ],
  [{ convention: 'optax', dampening: 0.5 }, 'lars: convention "optax" has no dampening, got 0.5'],
])('refuses %o', (options, message) => {
  expect(() => lars([], options as object)).toThrow(new RangeError(message))
})
