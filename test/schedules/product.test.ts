import { exponential, linear, product } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import {
  expectNear,
  expectRefusal,
  expectWithin,
  factors,
  lengths,
  rates,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/product'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

test('is the product at every step, whatever the order', () => {
  fc.assert(
    fc.property(rates, factors, lengths, step, (peak, gamma, total, t) => {
      const parts = [exponential({ peak: 1, gamma }), linear({ start: 0.5, end: 1, total })]
      const value = product(peak, ...parts)(t)
      expectNear(value, peak * parts[0]!(t) * parts[1]!(t))
      expectNear(product(...parts.reverse(), peak)(t), value)
      expectWithin(value, 0, peak)
    }),
  )
})

test('is named after its parts', () => {
  expect(product(0.1, exponential({ peak: 1, gamma: 0.9 })).name).toBe(
    'product(constant, exponential)',
  )
})

test('refuses nothing at all, and what is no schedule', () => {
  expectRefusal(() => product(), RangeError, 'product: needs at least one schedule, got none')
  expectRefusal(
    () => product(1, null as never),
    TypeError,
    'product: schedule 1 must be a number or a function of the step, got object',
  )
})
