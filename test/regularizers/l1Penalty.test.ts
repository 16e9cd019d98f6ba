import { l1Penalty, parameter } from 'downhill'
import { expect, test } from 'vitest'
import { goldenCases } from '../support/golden.js'
import { describePenalty, expectNothingAtZero, expectPenalty } from '../support/penalties.js'

test.each(goldenCases('regularizers', 'regularizers/l1Penalty'))('$impl: $id', (fixture) => {
  const { lambda } = fixture.args as { lambda: number }
  expectPenalty(fixture, (w) => l1Penalty([w], lambda))
})

describePenalty('l1Penalty', l1Penalty, [5])

test('zeros cost nothing and have no slope', () => expectNothingAtZero(l1Penalty, [5]))

test('its gradient is added to the loss’s', () => {
  const w = parameter([2, -1, 0])
  w.square()
    .sum()
    .add(l1Penalty([w], 0.5))
    .backward()
  expect([...w.grad!.dataSync()]).toEqual([4.5, -2.5, 0])
})
