/** What an epoch was like: a row of a `History`. */
export interface EpochRecord {
  /** 1 for the first. */
  readonly epoch: number
  /** Steps of the optimizer so far. */
  readonly step: number
  /** The mean over the rows that were trained on, while the weights moved, in train mode, without penalties. */
  readonly trainLoss: number
  /** The loss on the validation set after the epoch, in evaluate mode. */
  readonly validationLoss?: number
  /** Each metric on the validation set (without one: on the training set) after the epoch. */
  readonly metrics: Readonly<Record<string, number>>
  /** The learning rate of each group at the epoch's last step. */
  readonly lr: readonly number[]
  /** The mean norm of all gradients together, before clipping, over the steps where it was finite. */
  readonly gradientNorm: number
  /** The largest of these norms. */
  readonly maxGradientNorm: number
  /** The share of steps whose gradients were clipped, from 0 to 1; only with `clip`. */
  readonly clipped?: number
  /** Steps whose gradients were NaN or infinite; with `nonFinite: 'skip'` these did not move the weights. */
  readonly skipped: number
  /** How many stages trained; only with `stages`. */
  readonly stages?: number
  /** How long it took, validation included. All else in a row is the same when a run is repeated. */
  readonly seconds: number
}

/** A column of a history: a field of its rows that is a number, `lr` (of the first group), or the name of a metric. */
export type Column =
  | 'epoch'
  | 'step'
  | 'trainLoss'
  | 'validationLoss'
  | 'lr'
  | 'gradientNorm'
  | 'maxGradientNorm'
  | 'clipped'
  | 'skipped'
  | 'stages'
  | 'seconds'
  | (string & {})

/** The value of a column; undefined where the row has none. */
export function valueIn(row: EpochRecord, column: Column): number | undefined {
  if (Object.hasOwn(row.metrics, column)) return row.metrics[column]
  if (column === 'lr') return row.lr[0]
  const value = Object.hasOwn(row, column) ? row[column as keyof EpochRecord] : undefined
  return typeof value === 'number' ? value : undefined
}

/** The columns that rows have, metrics first after the losses. */
export function columnsOf(rows: readonly EpochRecord[]): string[] {
  const fields = new Set(rows.flatMap((row) => Object.keys(row)))
  const metrics = new Set(rows.flatMap((row) => Object.keys(row.metrics)))
  const losses = ['trainLoss', 'validationLoss'].filter((name) => fields.has(name))
  const others = [...fields].filter((name) => name !== 'metrics' && !losses.includes(name))
  return [...losses, ...metrics, ...others]
}

/** One column of rows. @throws RangeError naming the columns, if no row has it */
export function columnOf(owner: string, rows: readonly EpochRecord[], column: Column): number[] {
  const values = rows.map((row) => valueIn(row, column))
  if (rows.length > 0 && values.every((value) => value === undefined))
    throw new RangeError(
      `${owner}: there is no column "${column}"; there are ${columnsOf(rows).join(', ')}`,
    )
  return values.map((value) => value ?? Number.NaN)
}
