import {
  type AnyOptimizer,
  adam,
  choice,
  defineOptimizer,
  muon,
  type Optimizer,
  parameter,
  rate,
  sgd,
  type Tensor,
  tensor,
  trace,
} from 'downhill'
import { describe, expect, test } from 'vitest'

/** Five lines, as a learner would write them. */
const lazy = defineOptimizer({
  name: 'lazy',
  options: { lr: rate(0.1), decay: rate(0.5) },
  state: ['h'],
  rule(p, g, h, { lr, decay, t }) {
    const h1 = decay * h + Math.abs(g)
    const push = g > 0 ? h1 : -h1
    return [p - (lr / t) * push, h1]
  },
})

describe.each(['reference', 'simd', 'gpu:webasm', 'gpu:cpu'] as const)(
  'an optimizer of one’s own on %s',
  (backend) => {
    test('steps, and shows its own names', async () => {
      const rows = await trace(lazy, { start: 1, gradient: (x) => 2 * x, steps: 2, backend })
      expect(Object.keys(rows[0]!)).toEqual(['t', 'g', 'h', 'push', 'x'])
      for (const [k, expected] of [
        { g: 2, h: 2, push: 2, x: 0.8 },
        { g: 1.6, h: 2.6, push: 2.6, x: 0.67 },
      ].entries())
        for (const [name, value] of Object.entries(expected))
          expect(rows[k]![name]).toBeCloseTo(value, 6)
    })
  },
)

test('maximize needs no line of the rule', async () => {
  const up = await trace(lazy, {
    start: 1,
    gradient: (x) => 2 * x,
    steps: 1,
    options: { maximize: true },
  })
  expect(up[0]).toEqual({ t: 1, g: 2, h: 2, push: -2, x: 1.2 })
})

test.each([
  [['a', 'b'], (p: number) => [p], 'odd: the rule must take p, g, a, b, { options }'],
  [[], (p: number, g: number) => [p, g], 'odd: the rule must return [p], got 2 values'],
])('refuses a rule that does not fit its state %s', (state, rule, message) => {
  const odd = defineOptimizer({ name: 'odd', options: {}, state: state as [], rule: rule as never })
  const x = parameter(1)
  x.square().backward()
  expect(() => odd([x]).step()).toThrow(new TypeError(message))
})

test('is named after its rule', () => {
  expect([lazy.name, lazy([parameter(1)]).name]).toEqual(['lazy', 'lazy'])
})

describe('what a rule may say besides arithmetic', () => {
  /** Gives the gradients, steps once, and tells what became of the parameters. */
  async function stepped(
    optimizer: { step(): void },
    params: Tensor[],
    gradients: number[][],
  ): Promise<number[][]> {
    for (const [k, values] of gradients.entries()) params[k]!.grad = tensor(values)
    optimizer.step()
    return Promise.all(params.map(async (param) => [...(await param.data())]))
  }

  const start = () => [parameter([3, 4]), parameter([0, 2, 0])]
  const gradients = [
    [1, 0],
    [0, 0, 2],
  ]

  test('norm, mean and sum are taken over each tensor, globalNorm over all', async () => {
    const scaled = defineOptimizer({
      name: 'scaled',
      options: { lr: rate(1) },
      state: ['s'],
      rule(p, g, _s, { lr, norm, mean, sum, globalNorm }) {
        const direction = g / globalNorm(g)
        const trust = norm(p) / norm(direction)
        return [p - lr * trust * direction, mean(p) + sum(g * p)]
      },
    })
    const params = start()
    const optimizer = scaled(params)
    const [first, second] = await stepped(optimizer, params, gradients)
    expect(first).toEqual([-2, 4].map((x) => expect.closeTo(x, 12)))
    expect(second).toEqual([0, 2, -2].map((x) => expect.closeTo(x, 12)))
    const { params: states } = await optimizer.stateDict()
    expect(states.map(({ arrays }) => arrays.s![0])).toEqual([6.5, 2 / 3])
  })

  test('state may start elsewhere, be one number a tensor, and rest on numbers that the host advances', async () => {
    const odd = defineOptimizer({
      name: 'odd',
      options: { lr: rate(0.5), first: rate(2) },
      state: ['total', 'old', 'first'],
      tensorState: ['total'],
      start: { total: ({ first }) => first, old: 'p', first: ({ first }) => first },
      scalars: () => ({ product: 1 }),
      advance: ({ product }, { t }) => ({ product: (product * t) / 2 }),
      rule(p, g, total, old, first, { lr, product, norm, dims, size, calls }) {
        return [p - lr * g, total + norm(g), old + product, first + dims + 10 * size + 100 * calls]
      },
    })
    const params = start()
    const optimizer = odd(params)
    await stepped(optimizer, params, [[3, 4]])
    await stepped(optimizer, params, [
      [3, 4],
      [1, 0, 0],
    ])
    const { params: states } = await optimizer.stateDict()
    expect(states).toEqual([
      {
        shape: [2],
        t: 2,
        joined: 0,
        arrays: { total: [12], old: [4, 5], first: [344, 344] },
        scalars: { product: 0.5 },
      },
      {
        shape: [3],
        t: 1,
        joined: 0,
        arrays: { total: [3], old: [0.5, 2.5, 0.5], first: [233, 233, 233] },
        scalars: { product: 0.5 },
      },
    ])
  })

  const worded = defineOptimizer({
    name: 'worded',
    options: { lr: rate(1), side: choice('left', 'right') },
    state: [],
    rule: (p, g, { lr, side }) => [side === 'left' && lr > 0.5 ? p - lr * g : p + lr * g],
  })

  test('a word is settled while compiling, and a wrong one refused', async () => {
    for (const [options, expected] of [
      [{}, 2],
      [{ side: 'right' }, 4],
      [{ lr: 0.5 }, 3.5],
    ] as const) {
      const x = parameter([3])
      const [after] = await stepped(worded([x], options), [x], [[1]])
      expect(after).toEqual([expected])
    }
    expect(() => worded([], { side: 'up' as 'left' })).toThrow(
      new RangeError('worded: side must be "left" or "right", got "up"'),
    )
  })

  test('a matrix rule works on whole tensors', async () => {
    const rows = defineOptimizer({
      name: 'rows',
      options: { lr: rate(1) },
      state: ['mean'],
      lengths: ([rows = 1]) => ({ mean: rows }),
      update(work, { lr }) {
        const [rows = 1, columns = 1] = work.shape
        const ones = work.ones(columns)
        const sums = work.backend.matmul(work.g, ones, { rows, inner: columns, columns: 1 })
        const all = work.backend.matmul(sums, ones, { rows, inner: 1, columns })
        work.state.mean = work.map('(m, s, { n }) => [m + s / n]', [work.state.mean!, sums], {
          n: columns,
        })
        work.p = work.map('(p, s, { lr }) => [p - lr * s]', [work.p, all], { lr })
      },
    })
    const x = parameter([
      [1, 2, 3],
      [4, 5, 6],
    ])
    x.grad = tensor([
      [1, 1, 1],
      [0, 0, 3],
    ])
    const optimizer = rows([x])
    optimizer.step()
    expect([...(await x.data())]).toEqual([-2, -1, 0, 1, 2, 3])
    const { params } = await optimizer.stateDict()
    expect(params[0]!.arrays).toEqual({ mean: [1, 1] })
    await expect(trace(rows, { start: 1, gradient: (x) => x, steps: 1 })).rejects.toThrow(
      new TypeError('trace: rows works on whole matrices; a single number has no trace'),
    )
  })

  test('averaged weights are shown by evaluate(), and taken back by train()', async () => {
    const averaging = defineOptimizer({
      name: 'averaging',
      options: { lr: rate(1) },
      state: ['sum'],
      rule: (p, g, sum, { lr }) => [p - lr * g, sum + p],
      average: (p, sum, { lr }) => [(p + sum) * lr],
    })
    const x = parameter([3])
    const optimizer = averaging([x])
    await stepped(optimizer, [x], [[1]])
    optimizer.evaluate()
    expect([...(await x.data())]).toEqual([5])
    expect(() => optimizer.step()).toThrow(
      new Error(
        'averaging: the averaged weights are in the parameters; call train() before step()',
      ),
    )
    optimizer.train()
    expect([...(await x.data())]).toEqual([2])
    expect(() => worded([x]).evaluate()).toThrow(
      new TypeError('worded: it keeps no averaged weights; see ema and swa'),
    )
  })

  test.each([
    [
      '(p, g, { globalNorm }) => [globalNorm(p)]',
      'mine: globalNorm of anything but the gradient is not supported, line 1:',
    ],
    ["(p, g, { side }) => [side === 'up' ? p : g * 'up']", 'mine: "up" is not supported, line 1:'],
    ['(p, g, { norm }) => [norm(p, g)]', 'mine: the call norm(p, g) is not supported, line 1:'],
  ])('refuses %s', (source, message) => {
    const mine = defineOptimizer({
      name: 'mine',
      options: { side: choice('up', 'down') },
      state: [],
      rule: (p) => [p],
      source,
    })
    const x = parameter([1])
    x.grad = tensor([1])
    expect(() => mine([x]).step()).toThrow(message)
  })

  test('a state of the tensor may not rest on single elements', () => {
    const mine = defineOptimizer({
      name: 'mine',
      options: {},
      state: ['v'],
      tensorState: ['v'],
      rule: (p, g, v) => [p, v + g],
    })
    const x = parameter([1])
    x.grad = tensor([1])
    expect(() => mine([x]).step()).toThrow(
      new TypeError(
        'mine: the new v must rest on sums over the tensor alone, not on single elements',
      ),
    )
  })
})

test('functions of any optimizer need no cast', () => {
  const makers: AnyOptimizer[] = [adam, sgd, muon, lazy]
  const x = parameter([[1, 2]])
  expect(makers.map((make) => make([x]).name)).toEqual(['adam', 'sgd', 'muon', 'lazy'])
  const steps = (optimizer: Optimizer) => optimizer.steps
  const optimizers: Optimizer[] = [adam([x]), lazy([x], { decay: 0.1 })]
  expect(optimizers.map(steps)).toEqual([0, 0])
})

const named = (option: string): [object, string] => [
  { options: { [option]: rate(1) } },
  `the option "${option}" cannot be called so`,
]

test.each<[object, string]>([
  ...['params', 'maximize', 't', 'size', 'norm', 'constructor', '__proto__'].map(named),
  [{ state: ['p'] }, 'the state "p" cannot be called so, p is the parameter; take another name'],
  [{ state: ['m', 'm'] }, 'the state "m" cannot be called so, the name is taken'],
  [{ state: ['constructor'] }, 'the state "constructor" cannot'],
])('a name that means something else is refused: %o', (change, message) => {
  const definition = { name: 'mine', options: {}, state: [], rule: (p: number) => [p], ...change }
  expect(() => defineOptimizer(definition as never)).toThrow(message)
})
