import { lambda } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import { expectRefusal, rates, step } from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/lambda'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

test('is peak times the function', () => {
  fc.assert(
    fc.property(rates, step, (peak, t) => {
      expect(lambda((k) => 1 / (1 + k), { peak })(t)).toBe(peak * (1 / (1 + t)))
      expect(lambda((k) => 2 + k)(t)).toBe(2 + t)
    }),
  )
})

test('refuses what is not a function, and other options', () => {
  expectRefusal(
    () => lambda(0.1 as never),
    TypeError,
    'lambda: factor must be a function of the step, got number',
  )
  expectRefusal(
    () => lambda((t) => t, { lr: 0.1 } as never),
    TypeError,
    'lambda: there is no option "lr"; it takes peak',
  )
})
