import { expect, test } from 'vitest'
import { schedulePlot } from '../../src/plots/schedule-plot.js'
import { table } from '../../src/schedules/table.js'
import { warmupCosine } from '../../src/schedules/warmupCosine.js'

test('one point a step, from 0 to the last', () => {
  const figure = schedulePlot({ 'one over': (t) => 1 / (t + 1) }, { steps: 4 })
  expect(figure.data[0]?.x).toEqual([0, 1, 2, 3, 4])
  expect(figure.data[0]?.y).toEqual([1, 1 / 2, 1 / 3, 1 / 4, 1 / 5])
  expect(figure.layout.showlegend).toBe(false)
})

test('the line is table(schedule), point for point, and a table gives the same line', () => {
  const schedule = warmupCosine({ peak: 1e-3, warmup: 100, total: 1000 })
  const rows = table(schedule, 1000)
  const [line] = schedulePlot({ mine: schedule }, { steps: 1000 }).data
  expect(line?.x).toEqual(rows.map(({ step }) => step))
  expect(line?.y).toEqual(rows.map(({ rate }) => rate))
  expect(schedulePlot({ mine: rows }).data).toEqual([line])
})

test('printed values are dots beside the line', () => {
  const figure = schedulePlot({ half: () => 0.5 }, { steps: 2, dots: [[1, 0.4]] })
  expect(figure.data.map(({ name, mode, y }) => ({ name, mode, y }))).toEqual([
    { name: 'half', mode: 'lines', y: [0.5, 0.5, 0.5] },
    { name: 'printed values', mode: 'markers', y: [0.4] },
  ])
})

test.each([0, -1, 1.5, Number.NaN, undefined])('refuses %s steps', (steps) => {
  expect(() => schedulePlot({ half: () => 0.5 }, { steps })).toThrow(
    new RangeError(`schedulePlot: steps must be a whole number ≥ 1, got ${steps ?? Number.NaN}`),
  )
})
