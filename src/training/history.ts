import { type Records, records } from '../host/records.js'
import { type Displayable, displaySymbol, inspectSymbol, type MimeBundle } from '../host/types.js'
import { type HistoryPlot, historyPlot } from '../plots/history-plot.js'
import type { Panels } from '../plots/panels.js'
import { type Column, columnOf, type EpochRecord } from './epochRecord.js'
import { withPicture } from './withPicture.js'

/** Why a run ended. */
export interface Stopped {
  /** `epochs`: it was over. `nonFinite`: the loss was NaN or infinite. `aborted`: the signal said so. */
  readonly why: 'epochs' | 'earlyStopping' | 'nonFinite' | 'aborted'
  /** The epoch in which it ended, from 1. */
  readonly epoch: number
  /** The step after which it ended; with `nonFinite` the first whose loss was not finite. */
  readonly step: number
  /** In words, with what to try. */
  readonly message: string
}

/** Rows that a table shows of a long history: the first, the last, and the best. */
const most = 12

/**
 * What a run was like, a row an epoch. In a notebook it shows itself as a table and a figure; it is plain data for JSON.
 * @example const history = new History([{ epoch: 1, step: 23, trainLoss: 0.5, metrics: { accuracy: 0.9 }, lr: [1e-3], gradientNorm: 1, maxGradientNorm: 2, skipped: 0, seconds: 1 }]); history.column('accuracy')   // [0.9]
 */
export class History implements Displayable {
  readonly rows: readonly EpochRecord[]
  /** Undefined while it runs. */
  readonly stopped: Stopped | undefined

  constructor(rows: readonly EpochRecord[], stopped?: Stopped) {
    this.rows = rows
    this.stopped = stopped
  }

  /** The newest row. @throws RangeError before the first epoch is over */
  get last(): EpochRecord {
    const row = this.rows.at(-1)
    if (!row) throw new RangeError('history: it has no row yet')
    return row
  }

  /** The values of one column: `trainLoss`, `lr` (of the first group), the name of a metric … @throws RangeError for another */
  column(name: Column): number[] {
    return columnOf('history', this.rows, name)
  }

  /**
   * The row with the best value of a column; the first of equal ones. Default: the smallest validation loss, or without one train loss.
   * @throws RangeError if no value is a number
   */
  best(column: Column = this.#loss, mode: 'min' | 'max' = 'min'): EpochRecord {
    const values = this.column(column)
    const sign = mode === 'min' ? 1 : -1
    let found = -1
    for (const [k, value] of values.entries())
      if (!Number.isNaN(value) && (found < 0 || sign * value < sign * values[found]!)) found = k
    const row = this.rows[found]
    if (!row) throw new RangeError(`history: no ${column} is a number`)
    return row
  }

  get #loss(): Column {
    return this.rows.some((row) => row.validationLoss !== undefined)
      ? 'validationLoss'
      : 'trainLoss'
  }

  /** The rows as a table; of a long history the first, the best and the last. */
  table(): Records<Record<string, number | undefined>> {
    const { length } = this.rows
    const best = this.rows.findIndex((row) => Number.isFinite(row.trainLoss) && row === this.best())
    const wanted = (k: number) => k < 4 || k >= length - 7 || k === best
    const shown = this.rows.filter((_, k) => length <= most || wanted(k))
    const short = shown.length < length ? `, ${shown.length} of them shown` : ''
    return records(shown.map(flat), {
      caption: `${length} epochs${short}. ${this.stopped?.message ?? ''}`.trim(),
      digits: { seconds: 2 },
      mark: (row, column) =>
        row.epoch === this.rows[best]?.epoch && column === flatNames[this.#loss]
          ? 'best'
          : undefined,
    })
  }

  /** Losses, metrics, learning rate and gradient norm against the epoch. @throws RangeError before the first epoch is over */
  plot(options: HistoryPlot = {}): Panels {
    return historyPlot(this, options)
  }

  /** The table as text. */
  toString(): string {
    return this.table().toString()
  }

  /** @internal A console shows the table as text. */
  [inspectSymbol](): string {
    return this.toString()
  }

  /** The table, and below it the figure's picture; `plot()` gives the one that Plotly draws. */
  async [displaySymbol](): Promise<MimeBundle> {
    const table = await this.table()[displaySymbol]()
    return this.rows.length === 0 ? table : withPicture(table, this.plot())
  }
}

/** The names in a table. */
const flatNames: Readonly<Record<string, string>> = {
  trainLoss: 'train loss',
  validationLoss: 'validation loss',
}

/** A row of the table: one number a column, and without those that say nothing. */
function flat(row: EpochRecord): Record<string, number | undefined> {
  const rates = row.lr.map((rate, k) => [row.lr.length === 1 ? 'lr' : `lr ${k}`, rate])
  return {
    epoch: row.epoch,
    step: row.step,
    'train loss': row.trainLoss,
    ...(row.validationLoss !== undefined && { 'validation loss': row.validationLoss }),
    ...row.metrics,
    ...Object.fromEntries(rates),
    ...(row.stages !== undefined && { stages: row.stages }),
    'gradient norm': row.gradientNorm,
    'largest norm': row.maxGradientNorm,
    ...(row.clipped !== undefined && { 'clipped share': row.clipped }),
    ...(row.skipped > 0 && { 'not finite': row.skipped }),
    seconds: row.seconds,
  }
}

/** A loss that is NaN or infinite: where, and what to try, most likely first. */
export const nonFinite = ({ epoch, trainLoss }: EpochRecord, step: number): Stopped => ({
  why: 'nonFinite',
  epoch,
  step,
  message: `The loss was ${trainLoss} at step ${step}, in epoch ${epoch}: training stopped. Try a learning rate 3 to 10 times smaller, a warmup, or clip: 1; then look at the inputs (standardize them) and at the loss (a class number beyond the model’s outputs gives NaN).`,
})
