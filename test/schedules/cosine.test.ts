import { cosine } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import {
  expectHeld,
  expectNear,
  expectRecursion,
  expectRefusal,
  expectWithin,
  lengths,
  type Refusal,
  range,
  rates,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/cosine'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

test.each(goldenCases('schedulers_optax', 'schedules/cosine'))('Optax: $id', (fixture) => {
  expectDocumented('schedulers_optax', fixture)
})

test('is PyTorch’s recursion, also past the end', () => {
  fc.assert(
    fc.property(range, fc.integer({ min: 2, max: 40 }), ([floor, peak], total) => {
      const wave = (t: number) => 1 + Math.cos((Math.PI * t) / total)
      expectRecursion(cosine({ peak, floor, total, wave: true }), 100, (before, t) =>
        (t - 1 - total) % (2 * total) === 0 // the trough: there is nothing to multiply
          ? before + ((peak - floor) * (1 - Math.cos(Math.PI / total))) / 2
          : (wave(t) / wave(t - 1)) * (before - floor) + floor,
      )
    }),
  )
})

test('stays between floor and peak, and at the floor after the end', () => {
  fc.assert(
    fc.property(range, lengths, step, fc.boolean(), ([floor, peak], total, t, wave) => {
      const schedule = cosine({ peak, total, floor })
      expectWithin(cosine({ peak, total, floor, wave })(t), floor, peak)
      expect(schedule(0)).toBeCloseTo(peak, 12)
      expectNear(schedule(total), floor)
      expectHeld(schedule, total, t)
    }),
  )
})

test('a wave has period 2·total, two cycles have period total / 2', () => {
  fc.assert(
    fc.property(rates, lengths, step, (peak, total, t) => {
      const wave = cosine({ peak, total, wave: true })
      expect(wave(t + 2 * total)).toBeCloseTo(wave(t), 9)
      const two = cosine({ peak, total: 2 * total, cycles: 2 })
      expect(two(total)).toBeCloseTo(peak, 9)
    }),
  )
})

test.each<Refusal>([
  [{ peak: 1 }, TypeError, 'cosine: total is missing'],
  [{ peak: 1, total: 0 }, RangeError, 'cosine: total must be a whole number ≥ 1, got 0'],
  [{ peak: 1, total: 9, floor: -1 }, RangeError, 'cosine: floor must be ≥ 0, got -1'],
  [{ peak: 1, total: 9, exponent: 0 }, RangeError, 'cosine: exponent must be > 0, got 0'],
  [{ peak: 1, total: 9, wave: 'yes' }, TypeError, 'cosine: wave must be true or false, got "yes"'],
  [
    { peak: 1, steps: 9 },
    TypeError,
    'cosine: there is no option "steps"; it takes peak, total, floor, cycles, exponent, wave',
  ],
  [{ peak: () => 1, total: 9 }, TypeError, 'cosine: peak must be a number, got a function'],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => cosine(options as never), kind, message)
})
