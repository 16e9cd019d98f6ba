import { adam, adamw, parameter, sgd, trace } from 'downhill'
import { describe, expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import { optimizerOf, toOptions } from '../support/tapes.js'

interface Row {
  t: number
  grad: number
  m: number
  v: number
  m_hat: number
  v_hat: number
  x: number
}

const square = { gradient: (x: number) => 2 * x }

test.each(goldenCases('worked_examples', 'optimizers/trace'))(
  'PyTorch, float64, every intermediate on x²: $id',
  async (fixture) => {
    const theirs = fixture.rows as Row[]
    const rows = await trace(optimizerOf(fixture.impl), {
      ...square,
      start: fixture.x0 as number,
      steps: theirs.length,
      options: toOptions(fixture.hyper as Record<string, unknown>),
    })
    for (const [k, { grad, m_hat, v_hat, ...row }] of theirs.entries()) {
      const named: Record<string, number> = { ...row, g: grad, mHat: m_hat, vHat: v_hat }
      for (const [column, value] of Object.entries(named))
        expectGolden(rows[k]![column]!, value, fixture.tol, `${fixture.id}, ${column} of row ${k}`)
    }
  },
)

test('three Adam steps from 2, as printed in textbooks', async () => {
  const rows = await trace(adam, { ...square, start: 2, steps: 3, options: { lr: 0.01 } })
  expect(Object.keys(rows[0]!)).toEqual(['t', 'g', 'm', 'v', 'mHat', 'vHat', 'x'])
  expect(rows.map(({ x }) => x.toFixed(4))).toEqual(['1.9900', '1.9800', '1.9700'])
})

describe('columns', () => {
  const columns = async (rows: Promise<object[]>) => Object.keys((await rows)[0]!)
  const walk = { ...square, start: 2, steps: 1 }

  test('what an option switches off is not reported', async () => {
    expect(await columns(trace(sgd, walk))).toEqual(['t', 'g', 'x'])
    expect(await columns(trace(sgd, { ...walk, options: { momentum: 0.9 } }))).toEqual([
      't',
      'g',
      'm',
      'x',
    ])
    const nesterov = { momentum: 0.9, nesterov: true, weightDecay: 0.1 }
    expect(await columns(trace(sgd, { ...walk, options: nesterov }))).toEqual([
      't',
      'g',
      'm',
      'd',
      'step',
      'x',
    ])
  })

  test('amsgrad adds the largest v', async () => {
    const options = { amsgrad: true }
    expect(await columns(trace(adamw, { ...walk, options }))).toEqual([
      't',
      'g',
      'm',
      'v',
      'vMax',
      'mHat',
      'vHat',
      'decay',
      'x',
    ])
  })
})

test('a rate of 0 moves the averages alone', async () => {
  const rows = await trace(adam, { ...square, start: 2, steps: 2, options: { lr: 0 } })
  expect(rows.map(({ x }) => x)).toEqual([2, 2])
  expect(rows[1]!.m).toBeGreaterThan(rows[0]!.m!)
})

test.each<[unknown, object, string]>([
  [
    adam,
    { lr: 1 },
    'trace: there is no option "lr"; it takes start, gradient, steps, options, backend',
  ],
  [adam, { steps: Number.NaN }, 'trace: steps must be a whole number ≥ 1, got NaN'],
  [adam, { start: undefined }, 'trace: it needs a number to start at, and a function'],
  [
    adam([parameter(1)]),
    {},
    'trace: expected what makes an optimizer: trace(adam, …), not adam(params)',
  ],
])('refuses what it cannot walk %#', async (optimizer, change, message) => {
  const walk = { start: 1, gradient: (x: number) => x, steps: 2, ...change }
  await expect(trace(optimizer as typeof adam, walk)).rejects.toThrow(message)
})
