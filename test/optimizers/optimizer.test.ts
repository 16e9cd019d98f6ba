import {
  adam,
  adamw,
  constant,
  lamb,
  nadam,
  parameter,
  scheduleFree,
  sgd,
  type Tensor,
  tensor,
} from 'downhill'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { type Event, walkGroups } from '../support/groups.js'
import { expectParams, giveGradients, tapeParameters, toOptions } from '../support/tapes.js'

const { tapes } = fixtures('param_groups')

describe('groups as PyTorch, float64', () => {
  test.each(goldenCases('param_groups', 'optimizers/optimizer'))('$id', async (fixture) => {
    await walkGroups(fixture, tapes[fixture.tape as string]!)
  })
})

describe('schedules as options', () => {
  test('the betas of adamw_beta_schedule as schedules give the same path', async () => {
    const [fixture] = goldenCases('param_groups', 'optimizers/optimizer').filter(
      ({ id }) => id === 'adamw_beta_schedule',
    )
    const set = (fixture!.events as Extract<Event, { op: 'set' }>[]).map(({ values }) =>
      toOptions(values),
    )
    const at = (name: string) => (step: number) => set[step]![name] as number
    const tape = tapes[fixture!.tape as string]!
    const params = tapeParameters(tape)
    const [a, b, c] = params as [Tensor, Tensor, Tensor]
    const optimizer = adamw([
      { params: [a, b], lr: at('lr'), beta1: at('beta1') },
      { params: [c], lr: 0.02, beta1: 0.5, beta2: 0.9 },
    ])
    for (let t = 0; t < tape.grads.length; t++) {
      giveGradients(params, tape, t)
      optimizer.step()
      await expectParams(params, fixture!, t)
    }
  })

  test('the k-th step uses schedule(k − 1)', () => {
    const asked: number[] = []
    const x = parameter(1)
    const lr = (step: number) => {
      asked.push(step)
      return 0
    }
    const optimizer = sgd([x], { lr })
    asked.length = 0
    for (let k = 0; k < 3; k++) optimizer.step()
    expect(asked).toEqual([0, 1, 2])
  })

  test('a value out of range is refused at its step', () => {
    const optimizer = sgd([parameter(1)], { lr: (step) => 1 - step })
    optimizer.step()
    optimizer.step()
    expect(() => optimizer.step()).toThrow(new RangeError('sgd: lr must be ≥ 0, got -1'))
  })
})

test('splitting an array changes nothing', () => {
  const value = fc.double({ min: -1e3, max: 1e3, noNaN: true })
  const tape = fc.array(fc.tuple(value, value, value), { minLength: 2, maxLength: 12 })
  fc.assert(
    fc.property(tape, fc.nat(), fc.constantFrom(sgd, adam, adamw), (rows, cut, make) => {
      const at = cut % rows.length
      const walk = (from: number, to: number): number[] => {
        const part = rows.slice(from, to)
        const x = parameter(part.map(([start]) => start))
        const optimizer = make([x], { lr: 0.1, weightDecay: 0.1 })
        for (const k of [1, 2] as const) {
          x.grad = tensor(part.map((row) => row[k]))
          optimizer.step()
        }
        return [...x.dataSync()]
      }
      expect([...walk(0, at), ...walk(at, rows.length)]).toEqual(walk(0, rows.length))
    }),
  )
})

test('a frozen parameter gets no gradient, and neither it nor its state moves', async () => {
  const [x, y] = [parameter(1), parameter(2)]
  const optimizer = adam([x, y], { lr: 0.1 })
  y.requiresGrad = false
  x.mul(y).backward()
  optimizer.step()
  expect(y.grad).toBeNull()
  expect(y.itemSync()).toBe(2)
  expect((await optimizer.stateDict()).params.map(({ t }) => t)).toEqual([1, 0])
  optimizer.zeroGrad()
  expect(x.grad).toBeNull()
})

describe('refuses', () => {
  const x = parameter([1, 2], { name: 'x' })
  test('a parameter twice', () => {
    expect(() => sgd([x, x])).toThrow(
      new RangeError('sgd: x [2] on reference is already in a group'),
    )
    const optimizer = sgd([x])
    expect(() => optimizer.addGroup({ params: [x] })).toThrow('already in a group')
    expect(optimizer.groups.length).toBe(1)
    // A group is taken in whole, or not at all.
    const y = parameter([1])
    expect(() => optimizer.addGroup({ params: [y, x] })).toThrow('already in a group')
    expect(() => optimizer.addGroup({ params: [y, y] })).toThrow('already in a group')
    optimizer.addGroup({ params: [y] })
    expect(optimizer.groups.length).toBe(2)
  })

  test.each([
    [() => sgd([]), 'sgd: there must be at least one parameter, got none'],
    [() => sgd([{ params: [] }]), 'sgd: there must be at least one parameter, got none'],
    [
      () => sgd([{ lr: 0.1 } as never]),
      'sgd: expected a list of parameters, got undefined; put one into brackets, [w]',
    ],
  ])('a group without parameters %#', (make, message) => {
    expect(make).toThrow(message)
  })

  test('what is no tensor', () => {
    expect(() => sgd([{ params: [1 as never] }])).toThrow(
      new TypeError('sgd: expected parameters, got number; make them with parameter(…)'),
    )
  })

  test('a gradient of another size', () => {
    const optimizer = sgd([x])
    x.grad = tensor([1])
    expect(() => optimizer.step()).toThrow(
      new RangeError(
        'sgd: the gradient of x [2] on reference must have its size and backend, got tensor [1] on reference',
      ),
    )
    x.grad = null
  })

  test('a state that does not fit, by name, and changes nothing', async () => {
    const misfit = (what: string) => new RangeError(`adam: this state does not fit: ${what}`)
    const optimizer = adam([x], { lr: 0.1 })
    const saved = await optimizer.stateDict()
    const load = (state: object) => () =>
      optimizer.loadStateDict({ ...saved, steps: 1, ...state } as never)
    expect(load({ format: 'x' })).toThrow(misfit('it is not the state of an optimizer'))
    expect(load({ version: 2 })).toThrow(misfit('its version is 2, this library reads 1'))
    expect(load({ name: 'sgd' })).toThrow(misfit('it was saved by sgd'))
    expect(load({ groups: [] })).toThrow(misfit('it has 0 groups, this optimizer 1'))
    expect(load({ groups: [{ ...saved.groups[0], params: 2 }] })).toThrow(
      misfit('its group 0 has 2 parameters, here 1'),
    )
    const param = { shape: [2], t: 1, joined: 0, arrays: { m: [1, 2], v: [0, 0] }, scalars: {} }
    const loadParam = (own: object) => load({ params: [{ ...param, ...own }] })
    expect(load({ params: [] })).toThrow(misfit('it has no parameter 0 (x [2] on reference)'))
    expect(loadParam({ shape: [1, 2] })).toThrow(
      misfit('parameter 0 has shape [1,2] there, x [2] on reference here'),
    )
    expect(loadParam({ t: -1 })).toThrow(misfit('t of parameter 0 is -1, not a number of steps'))
    expect(loadParam({ arrays: { m: [1] } })).toThrow(
      misfit('m of parameter 0 has 1 values, x [2] on reference needs 2'),
    )
    expect(loadParam({ arrays: { m: [1, null] } })).toThrow(
      misfit('m of parameter 0 has null at 1, not a number'),
    )
    expect(loadParam({ arrays: { m: [1, 2] } })).toThrow(misfit('v of parameter 0 is missing'))
    expect(loadParam({ arrays: { u: [1, 2] } })).toThrow(
      misfit('parameter 0 has a state u, which adam has not'),
    )
    const group = (options: object) =>
      load({
        groups: [{ ...saved.groups[0], options: { ...saved.groups[0]!.options, ...options } }],
      })
    expect(group({ beta1: 2 })).toThrow(misfit('in group 0, adam: beta1 must be in [0, 1), got 2'))
    expect(group({ speed: 2 })).toThrow(
      misfit(
        'in group 0, adam: there is no option "speed"; it takes lr, beta1, beta2, eps, weightDecay, amsgrad, maximize',
      ),
    )
    const scheduled = adam([parameter([1, 2])], { lr: constant(0.1) })
    expect(() => scheduled.loadStateDict(saved)).toThrow(
      misfit('lr of group 0 is a schedule here, a number there'),
    )
    const other = await scheduled.stateDict()
    expect(() => optimizer.loadStateDict(other)).toThrow(
      misfit('lr of group 0 is a number here, a schedule there'),
    )
    expect(() => nadam([parameter([1, 2])]).loadStateDict({ ...saved, name: 'nadam' })).toThrow(
      'there is no option "amsgrad"',
    )
    expect(await optimizer.stateDict()).toEqual(saved)
  })
})

test('a scalar that the host keeps may not be missing', async () => {
  const x = parameter([1])
  const optimizer = nadam([x])
  x.grad = tensor([1])
  optimizer.step()
  const saved = await optimizer.stateDict()
  saved.params[0]!.scalars = {}
  expect(() => optimizer.loadStateDict(saved)).toThrow(
    new RangeError('nadam: this state does not fit: muProduct of parameter 0 is missing'),
  )
})

test('an option that an older state does not know of keeps what it is here', async () => {
  const optimizer = adam([parameter([1])], { eps: 0.5 })
  const saved = await optimizer.stateDict()
  delete saved.groups[0]!.options.eps
  optimizer.loadStateDict(saved)
  expect(optimizer.groups[0]!.eps).toBe(0.5)
})

test('accumulated gradients are those of the big batch', () => {
  const data = Array.from({ length: 8 }, (_, k) => [Math.sin(k), Math.cos(3 * k)] as const)
  const walk = (batch: number) => {
    const w = parameter([0.5])
    const optimizer = adamw([w], { lr: 0.1 })
    for (let epoch = 0; epoch < 5; epoch++) {
      optimizer.zeroGrad()
      for (let k = 0; k < data.length; k += batch) {
        const rows = data.slice(k, k + batch)
        const [x, y] = [tensor(rows.map((row) => row[0])), tensor(rows.map((row) => row[1]))]
        // The mean over the batch, weighed by its share of the whole.
        x.mul(w)
          .sub(y)
          .square()
          .mean()
          .mul(rows.length / data.length)
          .backward()
      }
      optimizer.step()
    }
    return w.itemSync()
  }
  for (const batch of [1, 2, 4]) expect(walk(batch)).toBeCloseTo(walk(8), 13)
})

test('another optimizer takes the parameters over, and starts afresh', async () => {
  const x = parameter([1])
  const step = (optimizer: { step(): void }) => {
    x.grad = tensor([1])
    optimizer.step()
  }
  const first = adam([x])
  step(first)
  const second = sgd([x], { lr: 1, momentum: 0.9 })
  const before = x.itemSync()
  step(second)
  expect(x.itemSync()).toBe(before - 1)
  expect((await second.stateDict()).params[0]!.t).toBe(1)
})

test('the order of parameters changes nothing', () => {
  const value = fc.double({ min: -1e3, max: 1e3, noNaN: true })
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 6 }), (pairs) => {
      const walk = (order: typeof pairs) => {
        const params = order.map(([p]) => parameter([p]))
        const optimizer = lamb(params, { lr: 0.1, maxGradNorm: 0 })
        for (const [k, param] of params.entries()) param.grad = tensor([order[k]![1]])
        optimizer.step()
        return params.map((param) => param.itemSync())
      }
      expect(walk([...pairs].reverse()).reverse()).toEqual(walk(pairs))
    }),
  )
})

describe('a step that cannot be moves nothing', () => {
  const given = () => {
    const [a, b] = [parameter([1], { name: 'a' }), parameter([1], { name: 'b' })]
    a.grad = tensor([1])
    b.grad = tensor([1])
    const optimizer = sgd([{ params: [a] }, { params: [b] }], { lr: 0.1 })
    return { a, b, optimizer, second: optimizer.groups[1]! }
  }

  test.each<[string, (all: ReturnType<typeof given>) => void, string]>([
    [
      'a gradient of another size',
      ({ b }) => {
        b.grad = tensor([1, 2])
      },
      'sgd: the gradient of b [1] on reference must have its size and backend, got tensor [2] on reference',
    ],
    [
      'an option out of its range',
      ({ second }) => {
        second.lr = -1
      },
      'sgd: lr must be ≥ 0, got -1',
    ],
    [
      'an option that there is not',
      ({ second }) => Object.assign(second, { learningRate: 1 }),
      'sgd: there is no option "learningRate"; it takes lr, momentum, dampening, weightDecay, nesterov, maximize',
    ],
    [
      'a parameter put into a group by hand',
      ({ second }) => second.params.push(parameter([2], { name: 'c' })),
      'sgd: c [1] on reference came into groups by hand; use addGroup({ params: [w] })',
    ],
  ])('%s', async (_, spoil, message) => {
    const all = given()
    spoil(all)
    expect(() => all.optimizer.step()).toThrow(message)
    expect(all.a.itemSync()).toBe(1)
    expect((await all.optimizer.stateDict().catch(() => undefined))?.params[0]?.t ?? 0).toBe(0)
    expect(all.optimizer.steps).toBe(0)
  })
})

test('an option that a group gives as undefined is the optimizer’s', () => {
  const optimizer = sgd([{ params: [parameter([1])], lr: undefined as never }], { lr: 0.5 })
  expect(optimizer.groups[0]!.lr).toBe(0.5)
})

test.each<[string, (w: Tensor) => unknown, string]>([
  [
    'no list',
    (w) => adam(w as never),
    'adam: expected a list of parameters, got w [2] on reference; put one into brackets, [w]',
  ],
  [
    'nothing',
    () => adam(undefined as never),
    'adam: expected a list of parameters, got undefined; put one into brackets, [w]',
  ],
  [
    'numbers',
    () => adam([1, 2] as never),
    'adam: expected parameters, got number; make them with parameter(…)',
  ],
  [
    'parameters among groups',
    (w) => adam([{ params: [w] }, parameter(1)] as never),
    'adam: a group is an object, { params: [w], … }, got tensor [] on reference',
  ],
  [
    'a group without a list',
    (w) => adam([{ params: w }] as never),
    'adam: expected a list of parameters, got w [2] on reference; put one into brackets, [w]',
  ],
  [
    'a rate in place of options',
    (w) => sgd([w], 0.1 as never),
    'sgd: options must be an object, such as { lr: … }, got 0.1',
  ],
  ['null', (w) => sgd([w], { lr: null as never }), 'sgd: lr must be a number, got null'],
  [
    'a result',
    (w) => sgd([w.mul(2)]),
    'sgd: tensor [2] on reference is the result of operations, and gets no gradient; make it a parameter of its own, parameter(await w.data())',
  ],
])('refuses %s', (_, make, message) => {
  expect(() => make(parameter([1, 2], { name: 'w' }))).toThrow(message)
})

test('while the averaged weights are in the parameters, no state is taken over', async () => {
  const x = parameter([1])
  const optimizer = scheduleFree([x])
  x.grad = tensor([1])
  optimizer.step()
  const saved = await optimizer.stateDict()
  optimizer.evaluate()
  expect(() => optimizer.loadStateDict(saved)).toThrow(
    'scheduleFree: the averaged weights are in the parameters; call train() before loadStateDict()',
  )
})
