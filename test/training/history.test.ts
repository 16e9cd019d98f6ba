import { curvesPlot, History, historyPlot, runsPlot } from 'downhill'
import { describe, expect, test } from 'vitest'
import { displaySymbol } from '../../src/host/types.js'
import type { EpochRecord } from '../../src/training/epochRecord.js'

const row = (epoch: number, more: Partial<EpochRecord> = {}): EpochRecord => ({
  epoch,
  step: 10 * epoch,
  trainLoss: 2 / epoch,
  validationLoss: Math.abs(epoch - 3) + 1,
  metrics: { accuracy: epoch / 10 },
  lr: [0.1 / epoch],
  gradientNorm: 1,
  maxGradientNorm: 2,
  skipped: 0,
  seconds: 0.5,
  ...more,
})
const five = new History([1, 2, 3, 4, 5].map((epoch) => row(epoch)))

describe('columns', () => {
  test('fields, metrics and the rate of the first group', () => {
    expect(five.column('epoch')).toEqual([1, 2, 3, 4, 5])
    expect(five.column('accuracy')).toEqual([0.1, 0.2, 0.3, 0.4, 0.5])
    expect(five.column('lr')[1]).toBe(0.05)
  })

  test('another one is refused by name', () => {
    expect(() => five.column('acuracy')).toThrow(
      'history: there is no column "acuracy"; there are trainLoss, validationLoss, accuracy, epoch,',
    )
    expect(() => five.column('toString')).toThrow('there is no column')
    expect(new History([]).column('whatever')).toEqual([])
  })

  test('what a row has not is NaN', () => {
    const history = new History([row(1), { ...row(2), clipped: 0.5 }])
    expect(history.column('clipped')).toEqual([Number.NaN, 0.5])
  })
})

describe('best', () => {
  test('is the smallest validation loss, or what is asked for', () => {
    expect(five.best().epoch).toBe(3)
    expect(five.best('trainLoss').epoch).toBe(5)
    expect(five.best('accuracy', 'max').epoch).toBe(5)
  })

  test('NaN is never best, and of equal ones the first is', () => {
    const losses = [Number.NaN, 2, 1, 1, Number.NaN]
    const history = new History(losses.map((validationLoss, k) => row(k + 1, { validationLoss })))
    expect(history.best().epoch).toBe(3)
    const none = new History([row(1, { validationLoss: Number.NaN })])
    expect(() => none.best()).toThrow('no validationLoss is a number')
  })

  test('without a validation set it is that of training', () => {
    const { validationLoss: _, ...without } = row(1)
    expect(new History([without, { ...row(2), validationLoss: undefined! }]).best().epoch).toBe(2)
  })
})

describe('shown', () => {
  test('as a table with a column a number, the best marked, and why it ended', () => {
    const stopped = {
      why: 'epochs',
      epoch: 5,
      step: 50,
      message: 'All 5 epochs are over.',
    } as const
    const lines = String(new History(five.rows, stopped)).split('\n')
    expect(lines[0]).toBe('5 epochs. All 5 epochs are over.')
    expect(lines[1]!.trim().split(/\s{2,}/)).toEqual([
      ...['epoch', 'step', 'train loss', 'validation loss', 'accuracy', 'lr', 'gradient norm'],
      ...['largest norm', 'seconds'],
    ])
    expect(lines[4]).toMatch(/1 \(best\)/)
    expect(lines).toHaveLength(7)
  })

  test('a long one shows its ends and its best', () => {
    const history = new History(
      Array.from({ length: 100 }, (_, k) => row(k + 1, { validationLoss: Math.abs(k - 49) })),
    )
    expect(history.table().rows.map(({ epoch }) => epoch)).toEqual([
      ...[1, 2, 3, 4, 50],
      ...[94, 95, 96, 97, 98, 99, 100],
    ])
    expect(String(history)).toContain('100 epochs, 12 of them shown.')
  })

  test('in a notebook as the table and the picture of the figure', async () => {
    const bundle = await five[displaySymbol]()
    expect(Object.keys(bundle).sort()).toEqual(['text/html', 'text/plain'])
    expect(bundle['text/html']).toMatch(/^<table>.*<\/table><div><svg .*<\/svg><\/div>$/s)
    expect(await new History([])[displaySymbol]()).toHaveProperty('text/plain')
  })

  test('as plain data in JSON', () => {
    expect(JSON.parse(JSON.stringify(five)).rows).toEqual(five.rows)
  })
})

describe('figures', () => {
  test('of one run: losses, metrics, rate, norms', () => {
    const { figures } = historyPlot(five)
    expect(figures.map(({ layout }) => layout.title.text)).toEqual([
      ...['Loss', 'Metrics', 'Learning rate', 'Gradient norm before clipping'],
    ])
    expect(figures[0]!.data.map(({ name, y }) => [name, y[0]])).toEqual([
      ['train', 2],
      ['validation', 3],
    ])
    expect(figures[0]!.data[0]!.x).toEqual([1, 2, 3, 4, 5])
  })

  test('says where each line begins and ends, unless told what to say', () => {
    const [loss] = historyPlot(five).figures
    const ends = loss!.data.map(({ y }) => [y[0], y.at(-1)].map((value) => value?.toPrecision(3)))
    const told = ends.map(([first, last], k) => `${loss!.data[k]!.name} from ${first} to ${last}`)
    expect(loss!.layout.meta.alt).toBe(`Loss over the epochs: ${told.join(', ')}.`)
    expect(historyPlot({ rows: [] }).figures[0]!.layout.meta.alt).toBe('Loss: loss against epoch.')
    expect(historyPlot(five, { alt: 'Both fall.' }).layout.meta.alt).toBe('Both fall.')
  })

  test('a run without metrics and validation has no such panels', () => {
    const { validationLoss: _, ...rest } = row(1, { metrics: {} })
    const { figures } = historyPlot({ rows: [rest] })
    expect(figures.map(({ data }) => data.length)).toEqual([1, 1, 2])
  })

  test('each group has its rate', () => {
    const { figures } = historyPlot({ rows: [row(1, { lr: [0.1, 0.01] })] })
    expect(figures[2]!.data.map(({ name, y }) => [name, y])).toEqual([
      ['group 0', [0.1]],
      ['group 1', [0.01]],
    ])
  })

  test('of several runs: a panel a column, a line a run', () => {
    const { figures } = runsPlot({ none: five, L2: new History(five.rows.slice(0, 2)) })
    expect(figures.map(({ layout }) => layout.title.text)).toEqual([
      ...['Train loss', 'Validation loss', 'Accuracy', 'Learning rate'],
    ])
    expect(figures[2]!.data.map(({ name, y }) => [name, y.length])).toEqual([
      ['none', 5],
      ['L2', 2],
    ])
  })

  test('a loss that was not finite is a gap', () => {
    const history = new History([row(1), row(2, { trainLoss: Number.NaN })])
    expect(curvesPlot({ it: history }, { column: 'trainLoss' }).data[0]!.y).toEqual([2, null])
  })

  test('what is not there is refused', () => {
    expect(() => curvesPlot({ it: five }, { column: 'f1' })).toThrow('there is no column "f1"')
    expect(() => runsPlot({})).toThrow('at least one')
  })
})
