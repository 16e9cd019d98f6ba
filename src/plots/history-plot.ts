import { type Column, columnOf, type EpochRecord } from '../training/epochRecord.js'
import type { Figure } from './figure.js'
import { lines, type Series } from './lines.js'
import { type Panels, panels } from './panels.js'
import { sameScale } from './same-scale.js'

/** What has rows: a `History`. */
export interface Run {
  readonly rows: readonly EpochRecord[]
}

/** Names of columns. */
const titles: Readonly<Record<string, string>> = {
  trainLoss: 'train loss',
  validationLoss: 'validation loss',
  lr: 'learning rate',
  gradientNorm: 'gradient norm',
  maxGradientNorm: 'largest gradient norm',
  clipped: 'share of steps clipped',
}
/** What an axis says; a metric has its own name. */
export const titleOf = (column: Column): string => titles[column] ?? column

/** A few points are marked, many are not. */
const line = (name: string, { rows }: Run, column: Column): Series => ({
  name,
  x: rows.map(({ epoch }) => epoch),
  y: columnOf('curvesPlot', rows, column),
  markers: rows.length <= 40,
})

/** Options of `curvesPlot`. */
export interface CurvesPlot {
  /** What is drawn of each run: a column of its history. */
  column?: Column
  title?: string
  logY?: boolean
  /** What can be seen, in one sentence, for those who cannot. Default: title and axes. */
  alt?: string
}

/**
 * One column of the histories of several runs against the epoch, a line for each run.
 * @throws RangeError without runs, or for a column that one of them has not
 * @example curvesPlot({ 'no penalty': new History([]), 'L2': new History([]) }, { column: 'trainLoss' })
 */
export function curvesPlot(
  runs: Readonly<Record<string, Run>>,
  { column = 'validationLoss', title, logY = false, alt }: CurvesPlot = {},
): Figure {
  const named = titleOf(column)
  return lines({
    title: title ?? `${named[0]!.toUpperCase()}${named.slice(1)}`,
    xTitle: 'epoch',
    yTitle: named,
    series: Object.entries(runs).map(([name, run]) => line(name, run, column)),
    logY,
    ...(alt !== undefined && { alt }),
  })
}

/** Options of `historyPlot` and `runsPlot`. */
export interface HistoryPlot {
  title?: string
  /** Logarithmic axes for losses and gradient norms. Default false. */
  logY?: boolean
  /** What can be seen, in one sentence, for those who cannot. Default: where each line begins and ends; of `runsPlot` title and axes. */
  alt?: string
}

/** All metrics that any of the runs has. */
const metricsOf = (runs: readonly Run[]): string[] => [
  ...new Set(runs.flatMap(({ rows }) => rows.flatMap(({ metrics }) => Object.keys(metrics)))),
]

const has = ({ rows }: Run, column: keyof EpochRecord): boolean =>
  rows.some((row) => row[column] !== undefined)

/** Where each line begins and ends: what a figure that is drawn while it trains can say by itself. */
function altOf(name: string, series: readonly Series[]): { alt?: string } {
  const told = series.flatMap((one) => {
    const y = Array.from(one.y).filter(Number.isFinite)
    const ends = [y[0], y.at(-1)].map((value) => value?.toPrecision(3))
    return y.length > 0 ? [`${one.name} from ${ends[0]} to ${ends[1]}`] : []
  })
  return told.length > 0 ? { alt: `${name} over the epochs: ${told.join(', ')}.` } : {}
}

/**
 * What should be looked at together of one run: its losses, its metrics, the learning rate, and the gradients' norm before clipping.
 * @example historyPlot(new History([]))
 */
export function historyPlot(
  run: Run,
  { title = 'Training', logY = false, alt }: HistoryPlot = {},
): Panels {
  const { rows } = run
  const groups = Math.max(1, ...rows.map(({ lr }) => lr.length))
  const rates = Array.from({ length: groups }, (_, k) => ({
    ...line(groups === 1 ? 'learning rate' : `group ${k}`, run, 'epoch'),
    y: rows.map(({ lr }) => lr[k] ?? Number.NaN),
  }))
  const figure = (name: string, yTitle: string, series: Series[], log: boolean) =>
    lines({ title: name, xTitle: 'epoch', yTitle, series, logY: log, ...altOf(name, series) })
  const losses = [
    line('train', run, 'trainLoss'),
    ...(has(run, 'validationLoss') ? [line('validation', run, 'validationLoss')] : []),
  ]
  const norms = [line('mean', run, 'gradientNorm'), line('largest', run, 'maxGradientNorm')]
  const metrics = metricsOf([run]).map((name) => line(name, run, name))
  return panels(
    [
      figure('Loss', 'loss', losses, logY),
      ...(metrics.length > 0
        ? [figure('Metrics', metrics.length === 1 ? metrics[0]!.name : 'metric', metrics, false)]
        : []),
      figure('Learning rate', 'learning rate', rates, false),
      figure('Gradient norm before clipping', 'norm', norms, logY),
    ],
    { title, ...(alt !== undefined && { alt }) },
  )
}

/**
 * Several runs beside each other, a line for each run: train loss, validation loss, each metric, learning rate.
 * @throws RangeError without runs
 * @example runsPlot({ adam: new History([]), sgd: new History([]) })
 */
export function runsPlot(
  runs: Readonly<Record<string, Run>>,
  { title = 'Runs', logY = false, alt }: HistoryPlot = {},
): Panels {
  const all = Object.values(runs)
  const validated = all.length > 0 && all.every((run) => has(run, 'validationLoss'))
  const losses = ['trainLoss', ...(validated ? ['validationLoss'] : [])]
  const figures = [
    ...sameScale(
      losses.map((column) => curvesPlot(runs, { column, logY })),
      'y',
    ),
    ...metricsOf(all).map((column) => curvesPlot(runs, { column })),
    curvesPlot(runs, { column: 'lr' }),
  ]
  return panels(figures, { title, ...(alt !== undefined && { alt }) })
}
