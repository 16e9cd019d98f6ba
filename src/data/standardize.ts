import { Dataset } from './dataset.js'

type Rows = readonly (readonly number[])[]

/** How the columns were scaled: `(x − mean) / sd`. */
export interface Scale {
  /** The mean of each column of the training part. */
  readonly mean: readonly number[]
  /** The standard deviation of each column of the training part (divided by n); 0 for a constant column, which is only moved to 0. */
  readonly sd: readonly number[]
  /** Other rows on the same scale. @throws RangeError for a row of another length */
  apply(rows: readonly (readonly number[])[]): number[][]
  /** Scaled rows as they were. @throws RangeError for a row of another length */
  invert(rows: readonly (readonly number[])[]): number[][]
}

/** What `standardize` gives. */
export interface Standardized<Sets extends readonly Dataset[]> {
  /** The training part and the others, scaled, in the order given. */
  sets: { [K in keyof Sets]: Dataset }
  scale: Scale
}

/**
 * Data sets on the scale of the first: its columns get mean 0 and standard deviation 1, the others' are moved and divided by the same
 * numbers, so that nothing of validation or test flows into training. A column that is constant in the first one stays, with sd 0, and is divided by 1.
 * Defaults  The standard deviation divides by n, as scikit-learn's StandardScaler.
 * Tests     test/data/standardize.test.ts
 * @throws RangeError for a training part without rows, or sets with other features
 * @example const parts = split(await breastCancer()); const { sets: [train, test], scale } = standardize(parts.train, parts.test); scale.apply([scale.mean])[0]?.slice(0, 2)   // [0, 0]
 */
export function standardize<Sets extends readonly [Dataset, ...Dataset[]]>(
  ...sets: Sets
): Standardized<Sets> {
  const [train] = sets
  if (sets.length === 0)
    throw new TypeError('standardize: it needs data sets, the training part first, got none')
  if (train.length === 0) throw new RangeError(`standardize: ${train.name} has no rows to measure`)
  const width = train.features.length
  for (const { features, name } of sets)
    if (features.length !== width)
      throw new RangeError(
        `standardize: ${name} has ${features.length} features, the first data set has ${width}`,
      )
  const scale = scaleOf(train.x, width)
  const scaled = sets.map((set) => new Dataset({ ...set, x: scale.apply(set.x) }))
  return { sets: scaled as Standardized<Sets>['sets'], scale }
}

function scaleOf(rows: Rows, width: number): Scale {
  const columns = Array.from({ length: width }, (_, k) => measure(rows.map((row) => row[k]!)))
  const each = (all: Rows, change: (value: number, column: number) => number): number[][] =>
    all.map((row, k) => {
      if (row.length !== width)
        throw new RangeError(`standardize: row ${k} has ${row.length} values, not ${width}`)
      return row.map(change)
    })
  const mean = columns.map((column) => column.mean)
  const sd = columns.map((column) => column.sd)
  const unit = sd.map((value) => value || 1)
  return {
    mean,
    sd,
    apply: (all) => each(all, (value, k) => (value - mean[k]!) / unit[k]!),
    invert: (all) => each(all, (value, k) => value * unit[k]! + mean[k]!),
  }
}

/** A column of equal numbers is told exactly: rounding would give it a tiny spread, by which it must not be divided. */
function measure(column: readonly number[]): { mean: number; sd: number } {
  const first = column[0]!
  if (column.every((value) => value === first)) return { mean: first, sd: 0 }
  const average = (of: (value: number) => number) =>
    column.reduce((sum, value) => sum + of(value), 0) / column.length
  const mean = average((value) => value)
  return { mean, sd: Math.sqrt(average((value) => (value - mean) ** 2)) }
}
