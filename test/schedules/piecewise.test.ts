import { piecewise } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import {
  expectHeld,
  expectNear,
  expectRefusal,
  expectWithin,
  lengths,
  type Refusal,
  rates,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/piecewise'))('PyTorch: $id', (fixture) => {
  expectDocumented('schedulers_torch', fixture)
})

test.each(goldenCases('schedulers_optax', 'schedules/piecewise'))('Optax: $id', (fixture) => {
  expectDocumented('schedulers_optax', fixture)
})

const scales = fc.dictionary(lengths.map(String), fc.double({ min: 0, max: 2, noNaN: true }), {
  maxKeys: 5,
})
const shapes = fc.constantFrom('constant' as const, 'linear' as const, 'cosine' as const)

test('goes through start and each product of scales, and keeps the last', () => {
  fc.assert(
    fc.property(rates, scales, shapes, step, (start, given, shape, t) => {
      const schedule = piecewise({ start, scales: given, shape })
      expect(schedule(0)).toBe(start)
      let value = start
      for (const [at, scale] of Object.entries(given)) {
        value *= scale
        expectNear(schedule(Number(at)), value)
      }
      const last = Math.max(0, ...Object.keys(given).map(Number))
      expectHeld(schedule, last, t)
    }),
  )
})

test('stays between its lowest and its highest value', () => {
  fc.assert(
    fc.property(rates, scales, shapes, step, (start, given, shape, t) => {
      const values = [start]
      for (const scale of Object.values(given)) values.push(values.at(-1)! * scale)
      expectWithin(
        piecewise({ start, scales: given, shape })(t),
        Math.min(...values),
        Math.max(...values),
      )
    }),
  )
})

test('without scales it is constant', () => {
  expect(piecewise({ start: 0.1, scales: {} })(99)).toBe(0.1)
})

test.each<Refusal>([
  [{ start: -1, scales: {} }, RangeError, 'piecewise: start must be ≥ 0, got -1'],
  [{ start: 1 }, TypeError, 'piecewise: scales must be given as { step: scale }, got undefined'],
  [
    { start: 1, scales: { 0: 2 } },
    RangeError,
    'piecewise: a step of scales must be a whole number ≥ 1, got 0',
  ],
  [
    { start: 1, scales: { 1.5: 2 } },
    RangeError,
    'piecewise: a step of scales must be a whole number ≥ 1, got 1.5',
  ],
  [
    { start: 1, scales: { 5: -2 } },
    RangeError,
    'piecewise: the scale at step 5 must be ≥ 0, got -2',
  ],
  [
    { start: 1, scales: {}, shape: 'cubic' },
    RangeError,
    'piecewise: shape must be "constant" or "linear" or "cosine", got "cubic"',
  ],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => piecewise(options as never), kind, message)
})
