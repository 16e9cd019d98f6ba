import { asgd, parameter, tensor, trace } from 'downhill'
import { expect, test } from 'vitest'
import { expectGolden, fixtures, goldenCases } from '../support/golden.js'
import { expectResumes } from '../support/laws.js'
import { giveGradients, libraryOf, tapeParameters, torchNames, walkTape } from '../support/tapes.js'

/** mu is a function of the step, of which ours keeps nothing: the average shows it. */
const torch = libraryOf(
  { ...torchNames, lambd: 'lambda', alpha: 'power', t0: 'averageAfter' },
  { ax: 'average', eta: 'nextEta', mu: null },
)

const { tapes } = fixtures('optim_adaptive')
const cases = goldenCases('optim_adaptive', 'optimizers/asgd')

test.each(cases)('PyTorch, float64: $id', async (fixture) => {
  await walkTape(fixture, tapes[fixture.tape as string]!, asgd, torch)
})

test.each(cases)('evaluate() shows PyTorch’s ax, train() takes it back: $id', async (fixture) => {
  const tape = tapes[fixture.tape as string]!
  const params = tapeParameters(tape)
  const optimizer = asgd(params, torch.options(fixture.hyper as Record<string, never>))
  for (let t = 0; t < tape.grads.length; t++) {
    giveGradients(params, tape, t)
    optimizer.step()
  }
  const { params: states } = fixture.state as { params: Record<string, { ax: { data: number[] } }> }
  const expectAll = (theirs: (i: number) => number[], where: string) => {
    for (const [i, param] of params.entries())
      expectGolden(param.dataSync(), theirs(i), fixture.tol, `${where}, tensor ${i}`)
  }
  optimizer.evaluate()
  expectAll((i) => states[i]!.ax.data, 'average')
  optimizer.train()
  expectAll((i) => (fixture.params as number[][][]).at(-1)![i]!, 'weights')
})

test('the average is the mean of all weights from step t₀ + 2 on', async () => {
  const x = parameter([1, -2])
  const optimizer = asgd([x], { lr: 0.1, averageAfter: 3 })
  const seen: number[][] = []
  for (let t = 1; t <= 12; t++) {
    x.grad = tensor([Math.sin(t), Math.cos(t)])
    optimizer.step()
    optimizer.evaluate()
    const average = [...x.dataSync()]
    optimizer.train()
    if (t >= 5) seen.push([...x.dataSync()])
    const mean = (k: number) => seen.reduce((sum, row) => sum + row[k]!, 0) / seen.length
    expectGolden(average, t < 5 ? x.dataSync() : [mean(0), mean(1)], 1e-14, `step ${t}`)
  }
})

test('a rate of the schedule works one step late, as in PyTorch', async () => {
  const rows = await trace(asgd, {
    start: 0,
    gradient: () => 1,
    steps: 4,
    options: { lr: (step) => (step < 2 ? 1 : 0), lambda: 0 },
  })
  expect(rows.map(({ x }) => x)).toEqual([-1, -2, -3, -3])
})

test('a saved run goes on to the same bits', async () => {
  await expectResumes((params) => asgd(params, { lr: 0.1, lambda: 0.1, averageAfter: 2 }))
})

test.each([
  [{ lr: -1 }, RangeError, 'asgd: lr must be ≥ 0, got -1'],
  [{ lambda: -1 }, RangeError, 'asgd: lambda must be ≥ 0, got -1'],
  [{ averageAfter: Number.NaN }, RangeError, 'asgd: averageAfter must be ≥ 0, got NaN'],
  [
    { t0: 3 },
    TypeError,
    'asgd: there is no option "t0"; it takes lr, lambda, power, averageAfter, weightDecay, maximize',
  ],
])('refuses %o', (options, kind, message) => {
  expect(() => asgd([], options as object)).toThrow(new kind(message))
})
