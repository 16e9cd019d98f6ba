import { expect, test } from 'vitest'
import { lines } from '../../src/plots/lines.js'
import { panels } from '../../src/plots/panels.js'

const one = (y: number[], logY = false, x = y.map((_, k) => k)) =>
  lines({ title: 't', xTitle: 'x', yTitle: 'y', logY, series: [{ name: 'a', x, y }] })

test('one scale for all, from the smallest to the largest number of any', () => {
  const { layout } = panels([one([2, 3]), one([4, 7])], { title: 't', same: 'y' })
  expect(layout.yaxis!.range).toEqual([1.8, 7.2])
  expect(layout.yaxis2!.range).toEqual([1.8, 7.2])
  expect(layout.xaxis!.range).toBeUndefined()
})

test('it begins at 0 where the numbers come near it, and holds bands', () => {
  const series = [{ name: 'a', y: [1, 9], band: { low: [1, 8], high: [1, 10] } }]
  const band = lines({ title: 't', xTitle: 'x', yTitle: 'y', series })
  expect(panels([band, one([3])], { title: 't', same: 'y' }).layout.yaxis!.range).toEqual([
    0, 10.36,
  ])
})

test('of logarithmic axes the exponents, and of those alone what has a logarithm', async () => {
  const both = panels([one([1, 0.01], true), one([0, 100], true)], { title: 't', same: 'both' })
  expect(both.layout.yaxis!.range).toEqual([-2.16, 2.16])
  expect(both.layout.xaxis2!.range).toEqual([0, 1])
  const svg = await both.svg()
  for (const label of ['0.01', '100']) expect(svg.split(`>${label}<`)).toHaveLength(3)
})

test('of logarithmic axes the labels fit the scale that all share', () => {
  const labels = (a: number[], b: number[]) => {
    const { yaxis, yaxis2 } = panels([one(a, true), one(b, true)], { title: 't', same: 'y' }).layout
    return [yaxis!.tickformat, yaxis2!.tickformat]
  }
  expect(labels([1, 20], [3, 4])).toEqual(['~g', '~g'])
  expect(labels([1, 20], [3, 4000])).toEqual([undefined, undefined])
})

test('without numbers there is no scale; of two kinds of axes there is none for both', () => {
  expect(
    panels([one([]), one([Number.NaN])], { title: 't', same: 'y' }).layout.yaxis!.range,
  ).toBeUndefined()
  expect(() => panels([one([1]), one([1], true)], { title: 't', same: 'y' })).toThrow(
    new RangeError('panels: same y needs axes of one kind, got linear and log ones'),
  )
})
