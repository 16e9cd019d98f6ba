import { parameter, product, reduceOnPlateau, sgd, table } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectDocumented } from '../support/documented.js'
import { goldenCases } from '../support/golden.js'
import { expectRefusal, expectWithin, type Refusal, rates } from '../support/schedules.js'

test.each(goldenCases('schedulers_torch', 'schedules/reduceOnPlateau'))(
  'PyTorch: $id',
  (fixture) => {
    expectDocumented('schedulers_torch', fixture)
  },
)

const metrics = fc.array(fc.double({ min: -5, max: 5 }), { maxLength: 60 })
const small = fc.nat({ max: 4 })

test('never rises, and stays within [floor, peak]', () => {
  fc.assert(
    fc.property(rates, metrics, small, small, (peak, list, patience, cooldown) => {
      const floor = peak / 10
      const plateau = reduceOnPlateau({ peak, factor: 0.5, patience, cooldown, floor })
      let before = peak
      for (const metric of list) {
        const now = plateau.observe(metric)
        expect(now).toBeLessThanOrEqual(before)
        expectWithin(now, floor, peak)
        before = now
      }
    }),
  )
})

test('a metric that improves at every observation never lowers the rate, one that stands still does', () => {
  const improving = reduceOnPlateau({ peak: 1, patience: 2 })
  const still = reduceOnPlateau({ peak: 1, patience: 2 })
  for (let epoch = 0; epoch < 8; epoch++) improving.observe(10 - epoch)
  const seen = Array.from({ length: 8 }, () => still.observe(3).toFixed(6))
  expect(improving.rate).toBe(1)
  expect(seen.map(Number)).toEqual([1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01])
})

test('NaN is never better', () => {
  const plateau = reduceOnPlateau({ peak: 1, patience: 0 })
  expect(plateau.observe(Number.NaN)).toBeCloseTo(0.1, 15)
  expect(plateau.stateDict().best).toBeNull()
})

test('its state goes through JSON and continues the same run', () => {
  fc.assert(
    fc.property(
      metrics,
      small,
      small,
      fc.constantFrom('min' as const, 'max' as const),
      (list, patience, cooldown, mode) => {
        const make = () => reduceOnPlateau({ peak: 1, factor: 0.5, patience, cooldown, mode })
        const [whole, first, second] = [make(), make(), make()]
        const half = Math.floor(list.length / 2)
        for (const metric of list) whole.observe(metric)
        for (const metric of list.slice(0, half)) first.observe(metric)
        second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())))
        for (const metric of list.slice(half)) second.observe(metric)
        expect(second.stateDict()).toEqual(whole.stateDict())
        expect(second.rate).toBe(whole.rate)
      },
    ),
  )
})

test('is the rate of an optimizer, and scaled that of a second group', async () => {
  const [a, b] = [parameter([1]), parameter([1])]
  const plateau = reduceOnPlateau({ peak: 0.5, patience: 0 })
  const optimizer = sgd([{ params: [a] }, { params: [b], lr: product(0.5, plateau) }], {
    lr: plateau,
  })
  for (const metric of [1, 1]) {
    a.grad = parameter([1])
    b.grad = parameter([1])
    optimizer.step()
    plateau.observe(metric)
  }
  a.grad = b.grad = null
  expect(a.dataSync()[0]).toBe(0)
  expect(b.dataSync()[0]).toBe(0.5)
  a.grad = parameter([1])
  optimizer.step()
  expect(a.dataSync()[0]).toBeCloseTo(-0.05, 15)
})

test('has no kernel, and says what to do', async () => {
  const plateau = reduceOnPlateau({ peak: 0.1 })
  expect(table(plateau, 2).map(({ rate }) => rate)).toEqual([0.1, 0.1, 0.1])
  await expect(table(product(2, plateau), 2, { backend: 'reference' })).rejects.toThrow(
    new TypeError(
      'reduceOnPlateau: the rate follows what is observed, not the step, so no kernel computes it; leave out { backend }',
    ),
  )
})

test.each<Refusal>([
  [{}, TypeError, 'reduceOnPlateau: peak is missing'],
  [{ peak: 1, factor: 1 }, RangeError, 'reduceOnPlateau: factor must be in [0, 1), got 1'],
  [
    { peak: 1, patience: -1 },
    RangeError,
    'reduceOnPlateau: patience must be a whole number ≥ 0, got -1',
  ],
  [
    { peak: 1, mode: 'least' },
    RangeError,
    'reduceOnPlateau: mode must be "min" or "max", got "least"',
  ],
  [
    { peak: 1, relative: 'abs' },
    TypeError,
    'reduceOnPlateau: relative must be true or false, got "abs"',
  ],
])('refuses %o', (options, kind, message) => {
  expectRefusal(() => reduceOnPlateau(options as never), kind, message)
})

test.each<[unknown, string]>([
  [undefined, 'reduceOnPlateau: this is not the state of a plateau, version 1'],
  [
    { format: 'downhill.optimizer', version: 1 },
    'reduceOnPlateau: this is not the state of a plateau, version 1',
  ],
  [
    { format: 'downhill.reduceOnPlateau', version: 1, rate: null, best: 1, bad: 0, cooling: 0 },
    'reduceOnPlateau: rate of this state is null, not a number ≥ 0',
  ],
  [
    { format: 'downhill.reduceOnPlateau', version: 1, rate: Infinity, best: 1, bad: 0, cooling: 0 },
    'reduceOnPlateau: rate of this state is Infinity, not a number ≥ 0',
  ],
  [
    { format: 'downhill.reduceOnPlateau', version: 1, rate: 1, best: 1, bad: 0.5, cooling: 0 },
    'reduceOnPlateau: bad of this state is 0.5, not a whole number ≥ 0',
  ],
  [
    { format: 'downhill.reduceOnPlateau', version: 1, rate: 1, best: '1', bad: 0, cooling: 0 },
    'reduceOnPlateau: best of this state is 1, neither a number nor null',
  ],
])('refuses the state %o, and keeps its own', (state, message) => {
  const plateau = reduceOnPlateau({ peak: 1 })
  expectRefusal(() => plateau.loadStateDict(state as never), RangeError, message)
  expect(plateau.rate).toBe(1)
})

test('refuses a metric that is no number', () => {
  expectRefusal(
    () => reduceOnPlateau({ peak: 1 }).observe(Promise.resolve(1) as never),
    TypeError,
    'reduceOnPlateau: the metric must be a number, got object; await loss.item() gives one',
  )
})
