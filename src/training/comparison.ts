import { type Records, records } from '../host/records.js'
import { type Displayable, displaySymbol, inspectSymbol, type MimeBundle } from '../host/types.js'
import { type Band, bandOf, type ComparisonPlot, comparisonPlot } from '../plots/comparison-plot.js'
import type { Panels } from '../plots/panels.js'
import { type Column, valueIn } from './epochRecord.js'
import type { Evaluation } from './evaluate.js'
import type { History } from './history.js'
import { type Spread, spreadOf, spreadText } from './statistics.js'
import { withPicture } from './withPicture.js'

/** One run of a recipe. */
export interface ComparedRun {
  readonly recipe: string
  readonly seed: number
  readonly history: History
  /** What the trained model got on the test set, where there is one. */
  readonly test?: Evaluation
}

/** A recipe over its seeds. Runs whose loss was not finite do not count; `n` says how many do. */
export interface ComparisonRow {
  readonly recipe: string
  /** Of the last epoch. */
  readonly final: Spread
  /** Of each run's best epoch: chosen on the same numbers, and so too good. */
  readonly best: Spread
  /** On the test set, where there is one. */
  readonly test?: Spread
  /** Differences to the first recipe, seed by seed: of `test` where there is one, else of `final`. Undefined for the first. */
  readonly difference?: Spread
  /** Epochs that were trained. */
  readonly epochs: Spread
  /** Steps that were made. */
  readonly steps: Spread
  /** Runs that ended with a loss that is not finite. */
  readonly diverged: number
}

/** What is compared. */
export interface Compared {
  readonly column: Column
  readonly mode: 'min' | 'max'
}

/** Recipes over seeds: `compare(…)`. In a notebook a table and a figure. */
export class Comparison implements Displayable {
  readonly rows: readonly ComparisonRow[]

  /** @internal Use `compare`. */
  constructor(
    readonly runs: readonly ComparedRun[],
    /** The column that is compared, and whether more of it is better. */
    readonly compared: Compared,
  ) {
    const recipes = [...new Set(runs.map(({ recipe }) => recipe))]
    this.rows = recipes.map((recipe, k) => this.#row(recipe, k > 0 ? recipes[0]! : undefined))
  }

  /** The runs of a recipe, in the order of the seeds. */
  of(recipe: string): ComparedRun[] {
    return this.runs.filter((run) => run.recipe === recipe)
  }

  #final({ history }: ComparedRun): number | undefined {
    if (history.stopped?.why === 'nonFinite') return undefined
    const row = history.rows.at(-1)
    return row && valueIn(row, this.compared.column)
  }

  #test({ history, test }: ComparedRun): number | undefined {
    if (!test || history.stopped?.why === 'nonFinite') return undefined
    return test.metrics[this.compared.column] ?? test.loss
  }

  #best(run: ComparedRun): number | undefined {
    if (this.#final(run) === undefined) return undefined
    const { column, mode } = this.compared
    return valueIn(run.history.best(column, mode), column)
  }

  #row(recipe: string, first: string | undefined): ComparisonRow {
    const runs = this.of(recipe)
    const tested = runs.some(({ test }) => test)
    const value = (run: ComparedRun) => (tested ? this.#test(run) : this.#final(run))
    const pairs = runs.map((run) => {
      const other = this.runs.find((one) => one.recipe === first && one.seed === run.seed)
      const [ours, theirs] = [value(run), other && value(other)]
      return ours === undefined || theirs === undefined ? undefined : ours - theirs
    })
    return {
      recipe,
      final: spreadOf(runs.map((run) => this.#final(run))),
      best: spreadOf(runs.map((run) => this.#best(run))),
      ...(tested && { test: spreadOf(runs.map((run) => this.#test(run))) }),
      ...(first !== undefined && { difference: spreadOf(pairs) }),
      epochs: spreadOf(runs.map(({ history }) => history.rows.length)),
      steps: spreadOf(runs.map(({ history }) => history.rows.at(-1)?.step)),
      diverged: runs.filter(({ history }) => history.stopped?.why === 'nonFinite').length,
    }
  }

  /** Mean and standard deviation of a column over the runs of a recipe, epoch by epoch. */
  band(recipe: string, column: Column = this.compared.column): Band {
    return bandOf(
      this.of(recipe).map(({ history }) => history),
      column,
    )
  }

  /** A row for each recipe: mean ± standard deviation, and the difference to the first, seed by seed. */
  table(): Records<Record<string, string | number>> {
    const { column, mode } = this.compared
    const tested = this.rows.some(({ test }) => test)
    const diverged = this.rows.some((row) => row.diverged > 0)
    const rows = this.rows.map((row) => ({
      recipe: row.recipe,
      n: row.final.n,
      ...(row.test && { [`test ${column}`]: spreadText(row.test) }),
      [`final ${column}`]: spreadText(row.final),
      [`best ${column}`]: spreadText(row.best),
      'difference to the first': row.difference ? spreadText(row.difference) : '',
      epochs: spreadText(row.epochs),
      steps: spreadText(row.steps),
      ...(diverged && { diverged: row.diverged }),
    }))
    const seeds = new Set(this.runs.map(({ seed }) => seed)).size
    return records(rows, {
      caption: `${column} (${mode === 'max' ? 'more' : 'less'} is better): mean ± standard deviation over ${seeds} seeds; differences seed by seed, ${tested ? 'on the test set' : 'after the last epoch'}`,
    })
  }

  /** The mean of each recipe in a band of ± one standard deviation. */
  plot(options: ComparisonPlot = {}): Panels {
    const recipes = this.rows.map(({ recipe }) => recipe)
    const runs = recipes.map((one) => [one, this.of(one).map(({ history }) => history)])
    return comparisonPlot(Object.fromEntries(runs), options)
  }

  /** The table as text. */
  toString(): string {
    return this.table().toString()
  }

  /** @internal A console shows the table as text. */
  [inspectSymbol](): string {
    return this.toString()
  }

  /** The table, and below it the figure's picture. */
  async [displaySymbol](): Promise<MimeBundle> {
    return withPicture(await this.table()[displaySymbol](), this.plot())
  }
}
