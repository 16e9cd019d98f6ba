import {
  adam,
  adamw,
  adan,
  defineOptimizer,
  exponential,
  lookahead,
  parameter,
  rate,
  sgd,
  tensor,
} from 'downhill'
import { expect, test } from 'vitest'
import { type Fixture, fixtures, goldenCases } from '../support/golden.js'
import { type Library, optimizerOf, toOptions, torch, walkTape } from '../support/tapes.js'

type Inner = { impl: string; hyper: Record<string, never> }

/** The base in our options; Optax's are SGD and Adam too. */
function base({ impl, hyper }: Inner) {
  if (!impl.startsWith('optax')) {
    const make = optimizerOf(impl)
    const options = Object.entries(toOptions(hyper)).filter(([name]) => name in make.compiler.spec)
    return { make, options: Object.fromEntries(options) }
  }
  const { learning_rate: lr, momentum, b1, b2, eps } = hyper
  return impl === 'optax.sgd'
    ? { make: sgd, options: { lr, momentum: momentum ?? 0 } }
    : { make: adam, options: { lr, beta1: b1, beta2: b2, eps } }
}

const momentum = { none: 'keep', reset: 'reset-momentum', pullback: 'pull-momentum' }

const libraries: Record<string, Library> = {
  'pytorch_optimizer.Lookahead': {
    options: ({ k, alpha, pullback_momentum }) => ({
      k,
      alpha,
      onSync: momentum[pullback_momentum],
    }),
    state: { ...torch.state, slow_params: 'slow', slow_momentum: 'slowM' },
  },
  'timm.optim.Lookahead': {
    options: ({ k, alpha }) => ({ k, alpha, anchor: 'first-sync' }),
    state: { ...torch.state, lookahead_slow_buff: 'slow' },
  },
  'torch_optimizer.Lookahead': {
    options: ({ k, alpha }) => ({ k, alpha, anchor: 'first-step' }),
    state: { ...torch.state, slow_param: 'slow' },
  },
  'optax.lookahead': {
    options: ({ sync_period, slow_step_size, reset_state }) => ({
      k: sync_period,
      alpha: slow_step_size,
      onSync: reset_state ? 'reset' : 'keep',
    }),
    // A counter, which in ours is the number of steps.
    state: { steps_since_sync: null },
  },
}

const signSgd = defineOptimizer({
  name: 'signSgd',
  options: { lr: rate(0.01) },
  state: [],
  rule: (p, g, { lr }) => [p - lr * Math.sign(g)],
})

const { tapes } = fixtures('optim_lookahead')

const around = ({ inner }: Fixture) => {
  const { make, options } = base(inner as Inner)
  return (params: never, own?: never) => lookahead(make(params, options as never) as never, own)
}

test.each(goldenCases('optim_lookahead', 'optimizers/lookahead'))('$impl: $id', async (fixture) => {
  const tape = tapes[fixture.tape as string]!
  await walkTape(fixture, tape, around(fixture) as never, libraries[fixture.impl]!)
})

const gradient = (k: number) => tensor([Math.sin(k), Math.cos(k)])

test('a saved state goes on bit for bit, and is refused by another optimizer', async () => {
  const make = (values: ArrayLike<number>) => {
    const x = parameter(values)
    const options = { k: 3, onSync: 'pull-momentum' } as const
    return { x, optimizer: lookahead(sgd([x], { lr: 0.1, momentum: 0.9 }), options) }
  }
  const first = make([1, 2])
  const walk = ({ x, optimizer }: typeof first, from: number, to: number) => {
    for (let k = from; k < to; k++) {
      x.grad = gradient(k)
      optimizer.step()
    }
  }
  walk(first, 0, 7)
  const saved = JSON.parse(JSON.stringify(await first.optimizer.stateDict()))
  const second = make(first.x.dataSync())
  second.optimizer.loadStateDict(saved)
  walk(first, 7, 15)
  walk(second, 7, 15)
  expect(second.x.dataSync()).toEqual(first.x.dataSync())
  expect(second.optimizer.steps).toBe(15)
  expect(() => sgd([first.x]).loadStateDict(saved)).toThrow(
    new RangeError('sgd: this state does not fit: it was saved by lookahead(sgd)'),
  )
  expect(() => lookahead(adamw([first.x])).loadStateDict(saved)).toThrow(
    new RangeError('lookahead(adamw): this state does not fit: it was saved by lookahead(sgd)'),
  )
  saved.params[0].arrays.slow = [1]
  expect(() => second.optimizer.loadStateDict(saved)).toThrow(
    'lookahead(sgd): this state does not fit: slow of parameter 0 has 1 values, tensor [2] on reference has 2',
  )
})

test('evaluate() shows the slow weights, train() the fast ones', () => {
  const x = parameter([1, 1])
  const optimizer = lookahead(sgd([x], { lr: 1 }), { k: 2 })
  x.grad = tensor([1, 0])
  optimizer.step()
  optimizer.evaluate()
  expect([...x.dataSync()]).toEqual([1, 1])
  expect(() => optimizer.step()).toThrow(
    new Error('lookahead(sgd): the slow weights are in the parameters; call train() before step()'),
  )
  optimizer.train()
  optimizer.step()
  expect([...x.dataSync()]).toEqual([0, 1])
})

test.each([
  [{ k: 0 }, 'lookahead: k must be a whole number ≥ 1, got 0'],
  [{ alpha: 0 }, 'lookahead: alpha must be > 0, got 0'],
  [
    { onSync: 'reset-momentum' },
    'lookahead: reset-momentum needs a base that keeps a momentum m, signSgd keeps none; take "keep" or "reset"',
  ],
])('refuses %o', (options, message) => {
  expect(() => lookahead(signSgd([parameter(1)]), options as object)).toThrow(
    new RangeError(message),
  )
})

test('around a base that has stepped before, a saved state goes on at its step of the schedules', async () => {
  const make = (values: ArrayLike<number>, before: number) => {
    const x = parameter(values)
    const base = sgd([x], { lr: exponential({ peak: 0.1, gamma: 0.5 }) })
    for (let k = 0; k < before; k++) {
      x.grad = gradient(k)
      base.step()
    }
    return { x, base, optimizer: lookahead(base, { k: 2 }) }
  }
  const first = make([1, 2], 3)
  first.optimizer.step()
  const saved = await first.optimizer.stateDict()
  const second = make(first.x.dataSync(), 0)
  second.optimizer.loadStateDict(saved)
  expect([second.optimizer.steps, second.base.steps]).toEqual([1, 4])
  for (const { x, optimizer } of [first, second]) {
    x.grad = gradient(9)
    optimizer.step()
  }
  expect(second.x.dataSync()).toEqual(first.x.dataSync())
  saved.params[0]!.arrays.slow = [null as never, 1]
  expect(() => second.optimizer.loadStateDict(saved)).toThrow(
    'slow of parameter 0 has null at 0, not a number',
  )
  expect(() => second.optimizer.loadStateDict({ ...saved, own: undefined as never })).toThrow(
    'calls is undefined, not a number of steps',
  )
})

test('a state is that of the moment when it was asked for', async () => {
  const x = parameter([1, 2])
  const optimizer = lookahead(sgd([x], { lr: 0.1 }), { k: 1 })
  x.grad = tensor([1, 1])
  optimizer.step()
  const now = await optimizer.stateDict()
  const asked = optimizer.stateDict()
  optimizer.step()
  expect(await asked).toEqual(now)
})

test('reset begins anew, also where a base counts calls', () => {
  const x = parameter([1, 2])
  const optimizer = lookahead(adan([x], { lr: 0.1 }), { k: 5, onSync: 'reset' })
  for (let k = 0; k < 5; k++) {
    x.grad = gradient(k)
    optimizer.step()
  }
  const fresh = parameter(x.dataSync())
  const anew = adan([fresh], { lr: 0.1 })
  x.grad = gradient(5)
  fresh.grad = gradient(5)
  optimizer.step()
  anew.step()
  expect(x.dataSync()).toEqual(fresh.dataSync())
})

test('while the slow weights are in the parameters, no state is saved or taken over', async () => {
  const x = parameter([1])
  const optimizer = lookahead(sgd([x]))
  const saved = await optimizer.stateDict()
  optimizer.evaluate()
  await expect(optimizer.stateDict()).rejects.toThrow('call train() before stateDict()')
  expect(() => optimizer.loadStateDict(saved)).toThrow('call train() before loadStateDict()')
})

test('refuses what is no optimizer', () => {
  expect(() => lookahead(sgd as never)).toThrow(
    new TypeError('lookahead: expected an optimizer, got function; lookahead(adamw(params))'),
  )
})
