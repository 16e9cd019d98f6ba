import { cosine, linear, warmup, wsd } from 'downhill'
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
  range,
  step,
} from '../support/schedules.js'

test.each(goldenCases('schedulers_transformers', 'schedules/wsd'))(
  'Transformers: $id',
  (fixture) => {
    expectDocumented('schedulers_transformers', fixture)
  },
)

const shapes = fc.constantFrom('linear' as const, 'cosine' as const, 'sqrt' as const)
const short = fc.nat({ max: 300 })

test('rises, stays, falls, within [floor, peak] and without a jump', () => {
  fc.assert(
    fc.property(
      range,
      short,
      short,
      lengths,
      shapes,
      shapes,
      step,
      ([floor, peak], length, stable, decay, rise, fall, t) => {
        const schedule = wsd({ peak, warmup: length, stable, decay, floor, rise, fall })
        expectWithin(schedule(t), floor, peak)
        for (const top of [length, length + stable]) expect(schedule(top)).toBeCloseTo(peak, 12)
        expectNear(schedule(length + stable + decay), floor)
        expectHeld(schedule, length + stable + decay, t)
      },
    ),
  )
})

test.each(['linear', 'cosine', 'sqrt'] as const)('it rises %s as warmup does', (shape) => {
  const whole = wsd({ peak: 0.1, warmup: 20, stable: 30, decay: 50, rise: shape })
  const rise = warmup({ peak: 0.1, warmup: 20, shape })
  for (let t = 0; t < 50; t++) expect(whole(t)).toBeCloseTo(rise(t), 15)
})

test('it falls as cosine and linear do', () => {
  const falling = {
    cosine: cosine({ peak: 0.1, total: 50 }),
    linear: linear({ start: 0.1, end: 0, total: 50 }),
  }
  for (const [fall, schedule] of Object.entries(falling)) {
    const whole = wsd({
      peak: 0.1,
      warmup: 20,
      stable: 30,
      decay: 50,
      fall: fall as 'cosine' | 'linear',
    })
    for (let t = 50; t <= 120; t++) expect(whole(t)).toBeCloseTo(schedule(t - 50), 15)
  }
})

test('a quarter into a fall of shape sqrt half is left', () => {
  expect(wsd({ peak: 1, warmup: 0, stable: 0, decay: 4, fall: 'sqrt' })(1)).toBe(0.5)
})

test.each<Refusal>([
  [{ peak: 1, warmup: 1, stable: 1 }, TypeError, 'wsd: decay is missing'],
  [
    { peak: 1, warmup: 1, stable: 1, decay: 0 },
    RangeError,
    'wsd: decay must be a whole number ≥ 1, got 0',
  ],
  [
    { peak: 1, warmup: 1, stable: -1, decay: 9 },
    RangeError,
    'wsd: stable must be a whole number ≥ 0, got -1',
  ],
  [
    { peak: 1, warmup: 1, stable: 1, decay: 9, fall: '1-sqrt' },
    RangeError,
    'wsd: fall must be "cosine" or "linear" or "sqrt", got "1-sqrt"',
  ],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => wsd(options as never), kind, message)
})
