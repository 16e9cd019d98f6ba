import { oneCycle, oneCycleMomentum } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import {
  expectHeld,
  expectNear,
  expectRefusal,
  expectWithin,
  type Refusal,
  rates,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/oneCycle'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

test.each(goldenCases('schedulers_optax', 'schedules/oneCycle'))('Optax: $id', (fixture) => {
  expectDocumented('schedulers_optax', fixture)
})

test.each(goldenCases('schedulers_torch', 'schedules/oneCycle').filter(({ momenta }) => momenta))(
  'PyTorch, momentum: $id',
  (fixture) => {
    expectDocumented('schedulers_torch', fixture, true)
  },
)

const totals = fc.integer({ min: 10, max: 1000 })
const shapes = fc.constantFrom('cosine' as const, 'linear' as const)
const rises = fc.double({ min: 0.11, max: 0.49, noNaN: true })

test('stays between its last value and the peak, and at the last value after the end', () => {
  fc.assert(
    fc.property(
      rates,
      totals,
      rises,
      shapes,
      fc.boolean(),
      step,
      (peak, total, rise, shape, threePhase, t) => {
        const schedule = oneCycle({ peak, total, rise, shape, threePhase })
        expectWithin(schedule(t), peak / 25e4, peak)
        expect(schedule(0)).toBe(peak / 25)
        expectNear(schedule(rise * total - 1), peak)
        expectHeld(schedule, total - 1, t)
      },
    ),
  )
})

test('the momentum is highest where the rate is lowest, and the other way round', () => {
  fc.assert(
    fc.property(totals, rises, shapes, step, (total, rise, shape, t) => {
      const momentum = oneCycleMomentum({ total, rise, shape })
      expectWithin(momentum(t), 0.85, 0.95)
      const share = (oneCycle({ peak: 1, total, rise, shape })(t) - 1 / 25) / (1 - 1 / 25)
      if (t <= rise * total - 1) expectNear(momentum(t), 0.95 - 0.1 * share)
      expect(momentum(total + t)).toBe(0.95)
    }),
  )
})

test.each<Refusal>([
  [{ total: 9, base: 1 }, RangeError, 'oneCycleMomentum: base must be in [0, 1), got 1'],
  [{ total: 3 }, RangeError, 'oneCycleMomentum: rise · total must be > 1, got 0.3 · 3'],
])('momentum refuses %o', (options, kind, message) => {
  expectRefusal(() => oneCycleMomentum(options as never), kind, message)
})

test.each<Refusal>([
  [{ peak: 1 }, TypeError, 'oneCycle: total is missing'],
  [{ peak: 1, total: 3 }, RangeError, 'oneCycle: rise · total must be > 1, got 0.3 · 3'],
  [{ peak: 1, total: 9, rise: 1 }, RangeError, 'oneCycle: rise must be in [0, 1), got 1'],
  [
    { peak: 1, total: 10, rise: 0.6, threePhase: true },
    RangeError,
    'oneCycle: with threePhase rise must be < (1 + 1 / total) / 2, got 0.6',
  ],
  [{ peak: 1, total: 9, div: 0 }, RangeError, 'oneCycle: div must be > 0, got 0'],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => oneCycle(options as never), kind, message)
})
