import { cyclic, cyclicMomentum } from 'downhill'
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
  type Refusal,
  range,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/cyclic'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

test.each(goldenCases('schedulers_torch', 'schedules/cyclic').filter(({ momenta }) => momenta))(
  'PyTorch, momentum: $id',
  (fixture) => {
    expectDocumented('schedulers_torch', fixture, true)
  },
)

const modes = fc.constantFrom('triangular' as const, 'triangular2' as const, 'expRange' as const)

test('stays within [floor, peak], and is at the floor where a cycle begins', () => {
  fc.assert(
    fc.property(
      range,
      lengths,
      lengths,
      modes,
      factors,
      step,
      ([floor, peak], up, down, mode, gamma, t) => {
        const schedule = cyclic({ floor, peak, up, down, mode, gamma })
        expectWithin(schedule(t), floor, peak)
        expect(schedule((up + down) * (t % 9))).toBe(floor)
      },
    ),
  )
})

test('its tops are the peak, half as high each time, or on an exponential', () => {
  fc.assert(
    fc.property(
      range,
      lengths,
      lengths,
      factors,
      fc.nat({ max: 9 }),
      ([floor, peak], up, down, gamma, n) => {
        const top = n * (up + down) + up
        const at = (mode: 'triangular' | 'triangular2' | 'expRange') =>
          cyclic({ floor, peak, up, down, mode, gamma })(top)
        expectNear(at('triangular'), peak)
        expectNear(at('triangular2'), floor + (peak - floor) / 2 ** n)
        expectNear(at('expRange'), floor + (peak - floor) * gamma ** top)
      },
    ),
  )
})

test('the momentum is max minus what the rate is above its floor', () => {
  fc.assert(
    fc.property(lengths, lengths, modes, factors, step, (up, down, mode, gamma, t) => {
      const height = cyclic({ floor: 0, peak: 1, up, down, mode, gamma })(t)
      expectNear(cyclicMomentum({ up, down, mode, gamma })(t), 0.9 - 0.1 * height)
    }),
  )
})

test('down is as long as up unless given, up 2000 steps', () => {
  expect(cyclic({ floor: 0, peak: 1, up: 3 })(6)).toBe(0)
  expect(cyclic({ floor: 0, peak: 1 })(2000)).toBe(1)
  expect(cyclicMomentum()(2000)).toBeCloseTo(0.8, 15)
})

test.each<Refusal>([
  [{ max: 1 }, RangeError, 'cyclicMomentum: max must be in [0, 1), got 1'],
  [{ down: 0 }, RangeError, 'cyclicMomentum: down must be a whole number ≥ 1, got 0'],
])('momentum refuses %o', (options, kind, message) => {
  expectRefusal(() => cyclicMomentum(options as never), kind, message)
})

test.each<Refusal>([
  [{ peak: 1 }, TypeError, 'cyclic: floor is missing'],
  [{ floor: 0, peak: 1, up: 0 }, RangeError, 'cyclic: up must be a whole number ≥ 1, got 0'],
  [
    { floor: 0, peak: 1, mode: 'exp_range' },
    RangeError,
    'cyclic: mode must be "triangular" or "triangular2" or "expRange", got "exp_range"',
  ],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => cyclic(options as never), kind, message)
})
