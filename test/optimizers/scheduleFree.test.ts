import { parameter, scheduleFree, tensor } from 'downhill'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { type Library, libraryOf, optaxNames, walkTape } from '../support/tapes.js'

const libraries: Record<string, Library> = {
  'pytorch_optimizer.ScheduleFreeAdamW': libraryOf(
    {
      lr: 'lr',
      betas: ['beta1', 'beta2'],
      eps: 'eps',
      weight_decay: 'weightDecay',
      r: 'r',
      weight_lr_power: 'weightPower',
      warmup_steps: 'warmup',
      decoupling_c: null,
      ams_bound: null,
      maximize: 'maximize',
    },
    { z: 'z', exp_avg_sq: 'v' },
  ),
  'optax.contrib.schedule_free_adamw': libraryOf(
    { ...optaxNames, weight_lr_power: 'weightPower', warmup_steps: 'warmup' },
    {
      z: 'z',
      nu: 'v',
      weight_sum: 'weightSum',
      max_lr: 'largest',
      // Options, and a count that starts at 1.
      b1: null,
      step_count: null,
    },
    { warmupFrom: 'zero' },
  ),
}

const { tapes } = fixtures('optim_modern')

test.each(goldenCases('optim_modern', 'optimizers/scheduleFree'))('$impl: $id', async (fixture) => {
  await walkTape(fixture, tapes[fixture.tape as string]!, scheduleFree, libraries[fixture.impl]!)
})

test('a learning rate of 0 moves nothing, and leaves no NaN', () => {
  const x = parameter([1, 2])
  const optimizer = scheduleFree([x], { lr: () => 0 })
  x.grad = tensor([1, 1])
  optimizer.step()
  optimizer.evaluate()
  expect([...x.dataSync()]).toEqual([1, 2])
})

test('refuses beta1 = 0', () => {
  expect(() => scheduleFree([], { beta1: 0 })).toThrow(
    new RangeError('scheduleFree: beta1 must be > 0, the average is divided by it; got 0'),
  )
})
