import {
  defineSchedule,
  flag,
  fraction,
  nonNegative,
  period,
  positive,
  rate,
  share,
} from 'downhill'
import { expect, test } from 'vitest'
import { checkOption } from '../../src/backend/options.js'

test.each([
  [rate(), [0, 1e9], [-1e-9, Number.NaN], '≥ 0'],
  [nonNegative(), [0, 5], [-1], '≥ 0'],
  [positive(), [1e-300, 1], [0, -1], '> 0'],
  [fraction(), [0, 0.999], [1, -0.1], 'in [0, 1)'],
  [share(), [0, 1], [1.1, -0.1], 'in [0, 1]'],
  [period(), [1, 7], [0, 1.5], 'a whole number ≥ 1'],
])('%o', (option, good, bad, range) => {
  for (const value of good) expect(() => checkOption('it', 'x', option, value)).not.toThrow()
  for (const value of bad)
    expect(() => checkOption('it', 'x', option, value)).toThrow(
      new RangeError(`it: x must be ${range}, got ${value}`),
    )
  if (range.startsWith('≥') || range.startsWith('>'))
    expect(() => checkOption('it', 'x', option, Number.POSITIVE_INFINITY)).toThrow(
      new RangeError('it: x must be finite, got Infinity'),
    )
})

test('a flag is true or false', () => {
  expect(() => checkOption('it', 'x', flag(false), 1)).toThrow(
    new TypeError('it: x must be true or false, got 1'),
  )
})

test('a schedule of one’s own has the same checks', () => {
  const linear = defineSchedule({
    name: 'linear',
    options: { from: rate(), over: period(10) },
    rule: (t, { from, over }) => Math.max(0, from * (1 - t / over)),
  })
  expect([0, 5, 20].map(linear({ from: 1 }))).toEqual([1, 0.5, 0])
  expect(() => linear({ from: -1 })).toThrow(new RangeError('linear: from must be ≥ 0, got -1'))
  expect(() => linear({} as never)).toThrow(new TypeError('linear: from is missing'))
})

test('an object is told by its kind, whatever it says of itself', () => {
  const given = (value: unknown) => () => checkOption('mine', 'lr', rate(), value)
  expect(given(Promise.resolve(1))).toThrow('mine: lr must be a number, got an object (Promise)')
  expect(given(Object.create(null))).toThrow('mine: lr must be a number, got an object (Object)')
})
