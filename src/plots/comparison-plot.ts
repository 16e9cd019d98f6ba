import { type Column, type EpochRecord, valueIn } from '../training/epochRecord.js'
import { spreadOf } from '../training/statistics.js'
import type { Figure } from './figure.js'
import { titleOf } from './history-plot.js'
import { lines } from './lines.js'
import { type Panels, panels } from './panels.js'
import { sameScale } from './same-scale.js'

/** Runs of the same recipe, by its name: one for each seed. */
export type RunsOf = Readonly<Record<string, readonly { readonly rows: readonly EpochRecord[] }[]>>

/** What a column was over the runs of a recipe, epoch by epoch: of those runs that were still going on. */
export interface Band {
  readonly epoch: number[]
  readonly mean: number[]
  readonly sd: number[]
  /** How many runs there were. */
  readonly n: number[]
}

/** The band of a column over runs. */
export function bandOf(runs: RunsOf[string], column: Column): Band {
  const length = Math.max(0, ...runs.map(({ rows }) => rows.length))
  const spreads = Array.from({ length }, (_, k) =>
    spreadOf(runs.map(({ rows }) => rows[k] && valueIn(rows[k], column))),
  )
  return {
    epoch: spreads.map((_, k) => k + 1),
    mean: spreads.map(({ mean }) => mean),
    sd: spreads.map(({ sd }) => sd),
    n: spreads.map(({ n }) => n),
  }
}

/** Options of `comparisonPlot`. */
export interface ComparisonPlot {
  title?: string
  /** The bands of ± one standard deviation; five or more of them hide each other. Default true. */
  bands?: boolean
  /** Logarithmic axes for the losses. Default false. */
  logY?: boolean
  /** What can be seen, in one sentence, for those who cannot. Default: title and axes. */
  alt?: string
}

function figureOf(
  runs: RunsOf,
  column: Column,
  title: string,
  { bands = true, logY = false }: ComparisonPlot,
): Figure {
  const series = Object.entries(runs).map(([name, all]) => {
    const { epoch, mean, sd } = bandOf(all, column)
    const band = { low: mean.map((m, k) => m - sd[k]!), high: mean.map((m, k) => m + sd[k]!) }
    return { name, x: epoch, y: mean, ...(bands && { band }) }
  })
  return lines({
    title,
    xTitle: 'epoch',
    yTitle: titleOf(column),
    series,
    alt: `${title}: mean ${bands ? 'and standard deviation ' : ''}over the seeds against the epoch, for ${Object.keys(runs).join(', ')}.`,
    logY: logY && column.endsWith('Loss'),
  })
}

/**
 * Recipes side by side, each as the mean over its runs, in a band of ± one standard deviation: losses, metrics and learning rate against the epoch.
 * @throws RangeError without recipes
 * @example comparisonPlot({ adam: [new History([])], sgd: [new History([])] })
 */
export function comparisonPlot(runs: RunsOf, options: ComparisonPlot = {}): Panels {
  const { title = 'Comparison', alt } = options
  const rows = Object.values(runs).flatMap((all) => all.flatMap((run) => run.rows))
  const metrics = new Set(rows.flatMap((row) => Object.keys(row.metrics)))
  const validated = rows.some((row) => row.validationLoss !== undefined)
  const losses = [
    figureOf(runs, 'trainLoss', 'Train loss', options),
    ...(validated ? [figureOf(runs, 'validationLoss', 'Validation loss', options)] : []),
  ]
  const figures = [
    ...sameScale(losses, 'y'),
    ...[...metrics].map((name) =>
      figureOf(runs, name, `${name[0]!.toUpperCase()}${name.slice(1)}`, options),
    ),
    figureOf(runs, 'lr', 'Learning rate', options),
  ]
  return panels(figures, { title, ...(alt !== undefined && { alt }) })
}
