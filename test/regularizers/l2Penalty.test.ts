import { l2Penalty, parameter, sgd, tensor } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectGolden, goldenCases } from '../support/golden.js'
import {
  describePenalty,
  expectNothingAtZero,
  expectPenalty,
  numbers,
} from '../support/penalties.js'

test.each(goldenCases('regularizers', 'regularizers/l2Penalty'))('$impl: $id', (fixture) => {
  const { lambda } = fixture.args as { lambda: number }
  const factor = fixture.id === 'l2_unhalved' ? 1 : 0.5
  expectPenalty(fixture, (w) => l2Penalty([w], lambda, { factor }))
})

describePenalty('l2Penalty', l2Penalty, [5])

test('zeros cost nothing and have no slope', () => expectNothingAtZero(l2Penalty, [5]))

test('is the weight decay of sgd', () => {
  fc.assert(
    fc.property(numbers(4), numbers(4), (weights, slopes) => {
      const [plain, decayed] = [parameter(weights), parameter(weights)]
      plain
        .dot(tensor(slopes))
        .add(l2Penalty([plain], 0.3))
        .backward()
      decayed.dot(tensor(slopes)).backward()
      sgd([plain], { lr: 0.1 }).step()
      sgd([decayed], { lr: 0.1, weightDecay: 0.3 }).step()
      expectGolden(plain.dataSync(), decayed.dataSync(), 1e-14, 'weights')
    }),
  )
})

test('refuses a factor that is not > 0', () => {
  expect(() => l2Penalty([], 1, { factor: 0 })).toThrow(
    new RangeError('l2Penalty: factor must be > 0, got 0'),
  )
})
