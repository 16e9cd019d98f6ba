import { parameter, sgd } from 'downhill'
import { describe, expect, test } from 'vitest'
import { fixtures, goldenCases } from '../support/golden.js'
import { walkTape } from '../support/tapes.js'

const { tapes } = fixtures('optim_sgd')

test.each(goldenCases('optim_sgd', 'optimizers/sgd'))('PyTorch, float64: $id', async (fixture) => {
  await walkTape(fixture, tapes[fixture.tape as string]!)
})

describe('refuses', () => {
  test.each([
    [{ lr: -1 }, 'sgd: lr must be ≥ 0, got -1'],
    [{ momentum: -0.1 }, 'sgd: momentum must be ≥ 0, got -0.1'],
    [{ dampening: 1.5 }, 'sgd: dampening must be in [0, 1], got 1.5'],
    [
      { nesterov: true },
      'sgd: nesterov needs momentum > 0 and dampening 0, got momentum 0, dampening 0',
    ],
    [
      { nesterov: true, momentum: 0.9, dampening: 0.1 },
      'sgd: nesterov needs momentum > 0 and dampening 0, got momentum 0.9, dampening 0.1',
    ],
  ])('%o', (options, message) => {
    expect(() => sgd([], options)).toThrow(new RangeError(message))
  })
})

test('without momentum no state is kept', async () => {
  const x = parameter([1, 2])
  x.square().sum().backward()
  const optimizer = sgd([x], { lr: 0.1 })
  optimizer.step()
  expect((await optimizer.stateDict()).params).toEqual([
    { shape: [2], t: 1, joined: 0, arrays: {}, scalars: {} },
  ])
})
