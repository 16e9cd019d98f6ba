import { breastCancer, Dataset, split, standardize } from 'downhill'
import { expect, test } from 'vitest'

const column = (data: Dataset, k: number) => data.x.map((row) => row[k]!)
const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length

test('by hand: mean 3, sd √(8/3); the others get the same numbers', () => {
  const train = new Dataset({ x: [[1], [3], [5]], y: [0, 0, 0] })
  const test = new Dataset({ x: [[3], [7]], y: [0, 0] })
  const { sets, scale } = standardize(train, test)
  const sd = Math.sqrt(8 / 3)
  expect(scale).toMatchObject({ mean: [3], sd: [sd] })
  expect(sets.map(({ x }) => x)).toEqual([[[-2 / sd], [0], [2 / sd]], [[0], [4 / sd]]]) // biome-ignore format: two sets
})

test('every column of the training part gets mean 0 and sd 1, and comes back', async () => {
  const { train, test } = split(await breastCancer(), { seed: 5 })
  const { sets, scale } = standardize(train, test)
  for (const k of train.features.keys()) {
    const values = column(sets[0], k)
    expect(Math.abs(mean(values))).toBeLessThan(1e-12)
    expect(Math.abs(mean(values.map((x) => x * x)) - 1)).toBeLessThan(1e-12)
  }
  for (const [row, back] of scale.invert(sets[1].x).entries())
    for (const [k, value] of back.entries())
      expect(Math.abs(value - test.x[row]![k]!)).toBeLessThanOrEqual(1e-12 * (1 + scale.mean[k]!))
  expect(sets[1]).toMatchObject({ y: test.y, features: test.features, source: test.source })
})

test('the test part changes nothing of the training part', async () => {
  const { train, test } = split(await breastCancer())
  const wild = new Dataset({ ...test, x: test.x.map((row) => row.map((value) => 1000 * value)) })
  expect(standardize(train, wild).scale.mean).toEqual(standardize(train).scale.mean)
})

test('a constant column stays: sd 0, moved to 0, divided by nothing, also where its mean would be rounded', () => {
  const train = new Dataset({ x: [[0.1], [0.1], [0.1]], y: [0, 0, 0] })
  const { sets, scale } = standardize(train)
  expect(scale).toMatchObject({ mean: [0.1], sd: [0] })
  expect(sets[0].x).toEqual([[0], [0], [0]])
  expect([scale.apply([[2.1]]), scale.invert([[2]])]).toEqual([[[2]], [[2.1]]])
})

test('what does not fit is refused', () => {
  const one = new Dataset({ x: [[1]], y: [0] })
  const two = new Dataset({ x: [[1, 2]], y: [0], name: 'two' })
  const none = new Dataset({ x: [], y: [], name: 'none' })
  expect(() => standardize(one, two)).toThrow(
    new RangeError('standardize: two has 2 features, the first data set has 1'),
  )
  expect(() => (standardize as () => unknown)()).toThrow('it needs data sets, the training part')
  expect(() => standardize(none)).toThrow(
    new RangeError('standardize: none has no rows to measure'),
  )
  expect(() => standardize(one).scale.apply([[1], [1, 2]])).toThrow(
    new RangeError('standardize: row 1 has 2 values, not 1'),
  )
})
