import { lamb } from 'downhill'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { walkGroups } from '../support/groups.js'
import { type Library, walkTape } from '../support/tapes.js'

/** Each library in our options; norms and ratios that some keep for show are not state of ours. */
const libraries: Record<string, Library> = {
  'timm.optim.Lamb': {
    options: (hyper) => ({
      lr: hyper.lr,
      beta1: hyper.betas?.[0],
      beta2: hyper.betas?.[1],
      eps: hyper.eps,
      weightDecay: hyper.weight_decay,
      decoupled: hyper.decoupled_decay,
      // A group says only what differs from the defaults.
      ...('max_grad_norm' in hyper && { maxGradNorm: hyper.max_grad_norm ?? 0 }),
      gradAveraging: hyper.grad_averaging,
      ...('bias_correction' in hyper && {
        biasCorrection: hyper.bias_correction ? 'full' : 'none',
        adapt: hyper.always_adapt ? 'always' : 'decayed',
      }),
      trustClip: hyper.trust_clip,
    }),
    state: { exp_avg: 'm', exp_avg_sq: 'v' },
  },
  'optax.lamb': {
    options: (hyper) => ({
      lr: hyper.learning_rate,
      beta1: hyper.b1,
      beta2: hyper.b2,
      eps: hyper.eps,
      epsRoot: hyper.eps_root,
      weightDecay: hyper.weight_decay,
      maxGradNorm: 0,
      adapt: 'always',
    }),
    state: { mu: 'm', nu: 'v' },
  },
  'torch_optimizer.Lamb': {
    options: (hyper) => ({
      lr: hyper.lr,
      beta1: hyper.betas[0],
      beta2: hyper.betas[1],
      eps: hyper.eps,
      weightDecay: hyper.weight_decay,
      maxGradNorm: 0,
      biasCorrection: hyper.debias ? 'step' : 'none',
      adapt: hyper.adam ? 'never' : 'always',
      clampNorm: hyper.clamp_value,
    }),
    state: { exp_avg: 'm', exp_avg_sq: 'v', weight_norm: null, adam_norm: null, trust_ratio: null },
  },
  'pytorch_optimizer.Lamb': {
    options: (hyper) => ({
      lr: hyper.lr,
      beta1: hyper.betas[0],
      beta2: hyper.betas[1],
      eps: hyper.eps,
      weightDecay: hyper.weight_decay,
      decoupled: hyper.weight_decouple,
      maxGradNorm: hyper.pre_norm ? hyper.max_grad_norm : 0,
      gradAveraging: hyper.grad_averaging,
      biasCorrection: 'm',
      adapt: 'always',
      clampNorm: 10,
      epsInTrust: true,
    }),
    state: { exp_avg: 'm', exp_avg_sq: 'v', weight_norm: null, adam_norm: null, trust_ratio: null },
  },
}

const { tapes } = fixtures('optim_layerwise')

test.each(goldenCases('optim_layerwise', 'optimizers/lamb'))('$impl: $id', async (fixture) => {
  await walkTape(fixture, tapes[fixture.tape as string]!, lamb, libraries[fixture.impl]!)
})

test.each(goldenCases('param_groups', 'optimizers/lamb'))('$impl: $id', async (fixture) => {
  const tape = fixtures('param_groups').tapes[fixture.tape as string]!
  await walkGroups(fixture, tape, lamb as never, libraries[fixture.impl]!)
})

test.each([
  [{ maxGradNorm: -1 }, RangeError, 'lamb: maxGradNorm must be ≥ 0, got -1'],
  [{ eps: 0 }, RangeError, 'lamb: eps must be > 0, got 0'],
  [{ beta1: 1 }, RangeError, 'lamb: beta1 must be in [0, 1), got 1'],
  [
    { adapt: 'sometimes' },
    RangeError,
    'lamb: adapt must be "decayed" or "always" or "never", got "sometimes"',
  ],
])('refuses %o', (options, kind, message) => {
  expect(() => lamb([], options as object)).toThrow(new kind(message))
})
