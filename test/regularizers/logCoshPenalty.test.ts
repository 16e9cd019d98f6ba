import { logCoshPenalty, parameter } from 'downhill'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import { describePenalty, expectNothingAtZero, expectPenalty } from '../support/penalties.js'

test.each(goldenCases('regularizers', 'regularizers/logCoshPenalty'))('$impl: $id', (fixture) => {
  const { lambda } = fixture.args as { lambda: number }
  expectPenalty(fixture, (w) => logCoshPenalty([w], lambda))
})

describePenalty('logCoshPenalty', logCoshPenalty, [5])

test('zeros cost nothing and have no slope', () => expectNothingAtZero(logCoshPenalty, [5]))

test('far out, where cosh overflows, it is |w| − log 2', () => {
  const w = parameter([1e6, -1e6])
  const value = logCoshPenalty([w], 1)
  value.backward()
  expectGolden(value.itemSync(), 2e6 - 2 * Math.LN2, 1e-15, 'penalty')
  expect([...w.grad!.dataSync()]).toEqual([1, -1])
})

test('near 0 it is ½·w², to the last digits', () => {
  for (const w of [1e-3, 1e-5, 1e-9, 1e-20, 1e-100])
    expectGolden(
      logCoshPenalty([parameter(w)], 1).itemSync() / (w * w),
      0.5 - w ** 2 / 12,
      1e-13,
      `${w}`,
    )
})

test('both forms meet at 1', () => {
  const [below, above] = [1 - 1e-15, 1].map((w) => logCoshPenalty([parameter(w)], 1).itemSync())
  expectGolden(below!, Math.log(Math.cosh(1)), 2e-15, 'below')
  expectGolden(above!, Math.log(Math.cosh(1)), 2e-15, 'above')
})
