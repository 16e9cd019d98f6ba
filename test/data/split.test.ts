import { breastCancer, Dataset, digits, split } from 'downhill'
import fc from 'fast-check'
import { expect, test } from 'vitest'

/** A data set whose rows say which they are. */
const numbered = (labels: readonly number[], classes = Math.max(...labels) + 1) =>
  new Dataset({
    x: labels.map((_, k) => [k]),
    y: labels,
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
  })
const rowsOf = (data: Dataset) => data.x.map(([k]) => k!)
const countsOf = (data: Dataset) =>
  data.classes.map((_, label) => data.y.filter((one) => one === label).length)

test('by default a fifth is for testing, in the proportions of the classes', async () => {
  const { train, test } = split(await breastCancer())
  expect([train.length, test.length]).toEqual([455, 114])
  // 212 malignant and 357 benign of 569: 42.5 and 71.5 of 114.
  expect(countsOf(test).map((count, k) => Math.abs(count - [42.5, 71.5][k]!))).toEqual([0.5, 0.5])
})

test('the three parts of exercise E10', async () => {
  const { train, validation, test } = split(await digits(), {
    train: 200,
    validation: 400,
    seed: 3,
  })
  expect([train, validation, test].map(({ length }) => length)).toEqual([200, 400, 1197])
  const all = countsOf(await digits())
  for (const part of [train, validation, test])
    for (const [label, count] of countsOf(part).entries())
      expect(Math.abs(count - (all[label]! * part.length) / 1797)).toBeLessThan(2)
})

test('law: no row twice, none lost, labels go with their rows, whole classes within two of their share', () => {
  const labels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 10, maxLength: 80 })
  fc.assert(
    fc.property(labels, fc.nat(), fc.boolean(), (y, seed, stratify) => {
      const data = numbered(y, 4)
      const parts = split(data, { validation: 0.3, test: 0.25, seed, stratify })
      const sets = [parts.train, parts.validation, parts.test]
      expect(sets.flatMap(rowsOf).sort((a, b) => a - b)).toEqual([...y.keys()])
      for (const set of sets) {
        expect(set.y).toEqual(rowsOf(set).map((row) => y[row]))
        if (!stratify) continue
        for (const [label, count] of countsOf(set).entries())
          expect(Math.abs(count - (countsOf(data)[label]! * set.length) / y.length)).toBeLessThan(2)
      }
    }),
  )
})

test('a seed is a split, rows come in mixed order, and nothing else decides', () => {
  const data = numbered(Array.from({ length: 40 }, (_, k) => k % 2))
  const [once, again, other] = [1, 1, 2].map((seed) => rowsOf(split(data, { seed }).train))
  expect(again).toEqual(once)
  expect(other).not.toEqual(once)
  expect([...once!].sort((a, b) => a - b)).not.toEqual(once)
  // From a Philox and a Fisher and Yates of a few lines of Python: a change would change every experiment that has a seed.
  expect(rowsOf(split(data, { seed: 1, stratify: false }).test)).toEqual([
    37, 27, 26, 1, 13, 4, 9, 0,
  ])
})

test('train and test given: rows may be left over', () => {
  const { train, test } = split(numbered([0, 1, 0, 1, 0, 1, 0, 1]), { train: 4, test: 2 })
  expect([countsOf(train), countsOf(test)]).toEqual([[2, 2], [1, 1]]) // biome-ignore format: a pair
})

test('measured numbers are split without classes', () => {
  const data = new Dataset({ x: [[0], [1], [2], [3]], y: [0.1, 0.2, 0.3, 0.4] })
  expect(split(data, { test: 0.5 }).test.length).toBe(2)
  expect(() => split(data, { stratify: true })).toThrow(
    new TypeError(
      'split: stratify needs classes, dataset has none; give them to new Dataset({ classes })',
    ),
  )
})

test.each([
  [
    { test: 10 },
    'split: dataset has 10 rows, which do not give 0 to train, 10 to test; each part needs one at least',
  ],
  [
    { train: 8, test: 3 },
    'split: dataset has 10 rows, which do not give 8 to train, 3 to test; each part needs one at least',
  ],
  [
    { train: 6, validation: 4 },
    'split: dataset has 10 rows, which do not give 6 to train, 4 to validation, 0 to test; each part needs one at least',
  ],
  [
    { test: 0.01 },
    'split: dataset has 10 rows, which do not give 10 to train, 0 to test; each part needs one at least',
  ],
  [{ test: 1.5 }, 'split: test must be a share in (0, 1) or a whole number of rows ≥ 1, got 1.5'],
  [{ test: 0 }, 'split: test must be a share in (0, 1) or a whole number of rows ≥ 1, got 0'],
  [{ seed: -1 }, 'split: seed must be a whole number from 0 to 2⁵³ − 1, got -1'],
])('refused: %j', (options, message) => {
  const data = numbered([0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
  expect(() => split(data, options as { test: number })).toThrow(new RangeError(message))
})

test('an unknown option is refused', () => {
  const options = { shuffle: false } as object
  expect(() => split(numbered([0, 1]), options)).toThrow(/there is no option "shuffle"/)
})
