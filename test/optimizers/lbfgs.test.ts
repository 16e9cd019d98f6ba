import { lbfgs, parameter, sgd, type Tensor, tensor } from 'downhill'
import { expect, test } from 'vitest'
import { expectGolden, type Fixture, goldenCases } from '../support/golden.js'

type Objective = { name: string; A?: { data: number[] }; b?: number[] }

/** The loss at scalar parameters x₀, x₁, … and its exact gradient, through our autograd. */
function lossOf({ name, A, b }: Objective, x: Tensor[]): Tensor {
  const sum = (terms: Tensor[]) => terms.reduce((total, term) => total.add(term))
  if (name === 'rosenbrock')
    return sum(
      x.slice(1).map((next, i) => {
        const valley = next.sub(x[i]!.square()).square().mul(100)
        return valley.add(x[i]!.neg().add(1).square())
      }),
    )
  const n = x.length
  return sum(
    x.map((xi, i) => {
      const row = sum(x.map((xj, j) => xj.mul(A!.data[i * n + j]!)))
      return xi.mul(row).mul(0.5).sub(xi.mul(b![i]!))
    }),
  )
}

const optionsOf = ({ hyper }: Fixture) => {
  const given = hyper as Record<string, number | string | null>
  return {
    lr: given.lr as number,
    maxIterations: given.max_iter as number,
    maxEvaluations: (given.max_eval ?? 0) as number,
    toleranceGradient: given.tolerance_grad as number,
    toleranceChange: given.tolerance_change as number,
    history: given.history_size as number,
    lineSearch: given.line_search_fn === null ? ('none' as const) : ('strong-wolfe' as const),
  }
}

type Trace = { x: number[]; loss_before: number; loss_after: number; evals: number }[]

test.each(goldenCases('optim_lbfgs', 'optimizers/lbfgs'))('$impl: $id', async (fixture) => {
  const x = (fixture.x0 as number[]).map((value) => parameter(value))
  const loss = () => lossOf(fixture.objective as Objective, x)
  const optimizer = lbfgs(x, optionsOf(fixture))
  for (const [k, row] of (fixture.trace as Trace).entries()) {
    const where = `${fixture.id}, step ${k}`
    const before = await optimizer.step(loss)
    expectGolden(before, row.loss_before, fixture.tol, `${where}, loss before`)
    expectGolden(
      x.map((each) => each.itemSync()),
      row.x,
      fixture.tol,
      where,
    )
    expectGolden(await loss().item(), row.loss_after, fixture.tol, `${where}, loss after`)
    if (fixture.evals_stable) expect(optimizer.evaluations, where).toBe(row.evals)
  }
  const { n_iter, func_evals } = fixture.state as Record<string, number>
  const { own } = await optimizer.stateDict()
  expect(own!.numbers).toMatchObject({ iterations: n_iter, evaluations: func_evals })
})

const valley = (x: Tensor) =>
  x
    .square()
    .mul(tensor([1, 50]))
    .sum()

test('a saved state goes on bit for bit', async () => {
  const options = { maxIterations: 3, lineSearch: 'strong-wolfe' } as const
  const first = parameter([3, -2])
  const optimizer = lbfgs([first], options)
  await optimizer.step(() => valley(first))
  const saved = JSON.parse(JSON.stringify(await optimizer.stateDict()))
  const second = parameter(first.dataSync())
  const resumed = lbfgs([second], options)
  resumed.loadStateDict(saved)
  await optimizer.step(() => valley(first))
  await resumed.step(() => valley(second))
  expect(second.dataSync()).toEqual(first.dataSync())
  expect(resumed.steps).toBe(2)
  expect(() => lbfgs([parameter([1])]).loadStateDict(saved)).toThrow(
    new RangeError('lbfgs: this state does not fit: direction has 2 values, the parameters have 1'),
  )
  const other = await sgd([first]).stateDict()
  expect(() => optimizer.loadStateDict(other)).toThrow(
    new RangeError('lbfgs: this state does not fit: it was saved by sgd'),
  )
})

test('a frozen parameter stays', async () => {
  const [x, y] = [parameter([3, -2]), parameter([1, 1])]
  y.requiresGrad = false
  await lbfgs([x, y]).step(() => valley(x.add(y)))
  expect([...y.dataSync()]).toEqual([1, 1])
  expect([...x.dataSync()]).toEqual([-1, -1].map((each) => expect.closeTo(each, 6)))
})

test.each([
  [{ maxIterations: 0 }, 'lbfgs: maxIterations must be a whole number ≥ 1, got 0'],
  [{ lr: -1 }, 'lbfgs: lr must be ≥ 0, got -1'],
  [{ lineSearch: 'wolfe' }, 'lbfgs: lineSearch must be "none" or "strong-wolfe", got "wolfe"'],
])('refuses %o', (options, message) => {
  expect(() => lbfgs([parameter(1)], options as object)).toThrow(new RangeError(message))
})

test('a parameter that is frozen between two steps stays, whatever is remembered of it', async () => {
  const [x, y] = [parameter([3, -2]), parameter([1, 4])]
  const loss = () => valley(x.sub(y)).add(y.square().sum())
  const optimizer = lbfgs([x, y], { lr: 0.3, maxIterations: 3 })
  await optimizer.step(loss)
  y.requiresGrad = false
  const before = y.dataSync()
  await optimizer.step(loss)
  expect(y.dataSync()).toEqual(before)
})

test('the options of a saved state are its own', async () => {
  const x = parameter([3, -2])
  const saved = await lbfgs([x], { lr: 0.25, history: 2 }).stateDict()
  const other = lbfgs([x])
  other.loadStateDict(saved)
  expect((await other.stateDict()).groups).toEqual(saved.groups)
})

test('a state that does not fit is refused by name, and changes nothing', async () => {
  const x = parameter([3, -2])
  const optimizer = lbfgs([x], { lr: 0.1, maxIterations: 3 })
  await optimizer.step(() => valley(x))
  const saved = await optimizer.stateDict()
  const load = (own: object) => () =>
    optimizer.loadStateDict({ ...saved, own: { ...saved.own!, ...own } })
  const { arrays, numbers } = saved.own!
  for (const [change, message] of [
    [{ numbers: { ...numbers, t: null } }, 't is null, not a number'],
    [{ numbers: {} }, 't is undefined, not a number'],
    [{ arrays: { ...arrays, before: [null, 1] } }, 'before has null at 0, not a number'],
    [{ arrays: { ...arrays, direction: [] } }, 'direction has 0 values, the parameters have 2'],
  ] as const)
    expect(load(change)).toThrow(new RangeError(`lbfgs: this state does not fit: ${message}`))
  const odd = { ...saved.groups[0]!, options: { ...saved.groups[0]!.options, lr: -1 } }
  expect(() => optimizer.loadStateDict({ ...saved, groups: [odd] })).toThrow(
    'lbfgs: this state does not fit: lbfgs: lr must be ≥ 0, got -1',
  )
  expect(await optimizer.stateDict()).toEqual(saved)
})

test('tells what step takes, and that it is awaited', async () => {
  const x = parameter([3, -2])
  const optimizer = lbfgs([x])
  await expect(optimizer.step(undefined as never)).rejects.toThrow(
    'lbfgs: step takes a function that computes the loss, got undefined; step(() => w.square().sum())',
  )
  await expect(optimizer.step((() => 3) as never)).rejects.toThrow(
    'lbfgs: the loss must be a tensor, got number',
  )
  const first = optimizer.step(() => valley(x))
  await expect(optimizer.step(() => valley(x))).rejects.toThrow(
    'lbfgs: the step before is not done; await optimizer.step(…)',
  )
  await first
  await optimizer.step(() => valley(x))
  expect(() => lbfgs([])).toThrow('lbfgs: there must be at least one parameter, got none')
})
