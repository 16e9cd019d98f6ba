import { expect, test } from 'vitest'
import { comparisonPlot } from '../../src/plots/comparison-plot.js'
import { styleOf } from '../../src/plots/palette.js'

const run = (losses: number[]) => ({
  rows: losses.map((loss, k) => ({
    epoch: k + 1,
    step: k + 1,
    trainLoss: loss,
    validationLoss: 2 * loss,
    metrics: { accuracy: 0.5 },
    lr: [0.1],
    gradientNorm: 1,
    maxGradientNorm: 1,
    skipped: 0,
    seconds: 0,
  })),
})
const runs = { a: [run([1, 2, 3]), run([3, 4])], b: [run([1, 1, 1])] }

test('four panels; a line is the mean of the runs that still go on, in a band', () => {
  const { figures } = comparisonPlot(runs)
  expect(figures.map(({ layout }) => layout.title.text)).toEqual([
    'Train loss',
    'Validation loss',
    'Accuracy',
    'Learning rate',
  ])
  const [band, line] = figures[0]!.data
  expect(band!.mode).toBe('none')
  expect(line!.y).toEqual([2, 3, 3])
})

test('without bands each recipe is one line; only the losses have a logarithmic axis', () => {
  const { figures } = comparisonPlot(runs, { bands: false, logY: true })
  for (const { data } of figures) expect(data.map(({ name }) => name)).toEqual(['a', 'b'])
  expect(figures.map(({ layout }) => layout.yaxis.type)).toEqual(['log', 'log', 'linear', 'linear'])
  expect(figures[0]!.layout.meta.alt).not.toContain('deviation')
})

test('the seventh line has the colour of the first, and another dash', () => {
  const styles = Array.from({ length: 36 }, (_, k) => styleOf(k))
  expect(styles[6]!.color).toBe(styles[0]!.color)
  expect(new Set(styles.map(({ color, dash }) => color + dash)).size).toBe(36)
})
