import { novograd } from 'downhill'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { type Library, walkTape } from '../support/tapes.js'

const torchLike: Library = {
  options: (hyper) => ({
    lr: hyper.lr,
    beta1: hyper.betas[0],
    beta2: hyper.betas[1],
    eps: hyper.eps,
    weightDecay: hyper.weight_decay,
    gradAveraging: hyper.grad_averaging,
  }),
  state: { exp_avg: 'm', exp_avg_sq: 'v', moments: 'm', grads_ema: 'v' },
}

const optax: Library = {
  options: (hyper) => ({
    lr: hyper.learning_rate,
    beta1: hyper.b1,
    beta2: hyper.b2,
    eps: hyper.eps,
    weightDecay: hyper.weight_decay,
  }),
  state: { mu: 'm', nu: 'v' },
}

const { tapes } = fixtures('optim_modern')

test.each(goldenCases('optim_modern', 'optimizers/novograd'))('$impl: $id', async (fixture) => {
  const library = fixture.impl.startsWith('optax') ? optax : torchLike
  await walkTape(fixture, tapes[fixture.tape as string]!, novograd, library)
})

test('refuses an option out of its range', () => {
  expect(() => novograd([], { beta2: 1 })).toThrow(
    new RangeError('novograd: beta2 must be in [0, 1), got 1'),
  )
})
