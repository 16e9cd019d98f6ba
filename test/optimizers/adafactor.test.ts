import { adafactor, parameter, tensor } from 'downhill'
import { expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { libraryOf, walkTape } from '../support/tapes.js'

const torch = libraryOf(
  {
    lr: 'lr',
    beta2_decay: 'beta2Decay',
    eps: ['eps', 'epsScale'],
    d: 'clipThreshold',
    weight_decay: 'weightDecay',
    maximize: 'maximize',
  },
  { row_var: 'row', col_var: 'column', variance: 'v' },
)
/** A null ε is the type's own. */
const library = {
  ...torch,
  options: ({ eps, ...hyper }: Record<string, never>) => ({
    ...torch.options({ ...hyper, eps: [(eps as number[])[0] ?? 2 ** -52, eps[1]] } as never),
  }),
}

const { tapes } = fixtures('optim_adaptive')

test.each(goldenCases('optim_adaptive', 'optimizers/adafactor'))('$impl: $id', async (fixture) => {
  await walkTape(fixture, tapes[fixture.tape as string]!, adafactor, library)
})

test('a matrix keeps a number for each row and column, other shapes one for each element', async () => {
  const params = [[6], [2, 3], [1, 2, 3]].map((shape) => parameter([1, 2, 3, 4, 5, 6], { shape }))
  for (const param of params) param.grad = tensor([1, 1, 1, 1, 1, 1], { shape: param.shape })
  const optimizer = adafactor(params)
  optimizer.step()
  const { params: states } = await optimizer.stateDict()
  expect(
    states.map(({ arrays }) =>
      Object.fromEntries(Object.entries(arrays).map(([k, v]) => [k, v.length])),
    ),
  ).toEqual([{ v: 6 }, { row: 2, column: 3 }, { v: 6 }])
})

test('refuses an option out of its range', () => {
  expect(() => adafactor([], { beta2Decay: 0.8 })).toThrow(
    new RangeError('adafactor: beta2Decay must be ≤ 0, got 0.8'),
  )
})
