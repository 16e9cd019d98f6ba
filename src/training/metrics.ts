import { type Records, records } from '../host/records.js'

/** One number for what a model gave, row by row, and what was to be predicted: larger or smaller is better, as it says. */
export type Metric = (outputs: readonly (readonly number[])[], targets: readonly number[]) => number

/** Refuses what are no metrics by name: a metric alone has none. */
export function checkMetrics(owner: string, metrics: Readonly<Record<string, Metric>>): void {
  const odd =
    typeof metrics === 'object' && metrics !== null
      ? Object.values(metrics).find((metric) => typeof metric !== 'function')
      : metrics
  if (odd !== undefined)
    throw new TypeError(
      `${owner}: metrics must be functions by name, such as { accuracy }, got ${typeof odd === 'function' ? 'a function alone' : typeof odd}`,
    )
}

/**
 * The class that a row of outputs speaks for: the place of the largest, the first of equal ones. A single output is a logit of class 1 against class 0.
 * NaN speaks for no class: −1.
 * @example classOf([0.1, 2.5, 0.3])   // 1
 */
export function classOf(output: readonly number[]): number {
  if (output.some(Number.isNaN)) return -1
  return output.length === 1 ? Number(output[0]! > 0) : output.indexOf(Math.max(...output))
}

/**
 * The share of rows whose class was predicted: a metric for `fit` and `evaluate`.
 * @throws RangeError without rows
 * @example accuracy([[2, 1], [0, 3], [1, 0]], [0, 1, 1])   // 0.6666667
 */
export const accuracy: Metric = (outputs, targets) => {
  if (targets.length === 0)
    throw new RangeError('accuracy: there must be at least one row, got none')
  return outputs.filter((output, k) => classOf(output) === targets[k]).length / targets.length
}

/** What `confusion` gives. */
export interface Confusion {
  /** How many rows of class i were taken for class j: `counts[i][j]`. */
  readonly counts: readonly (readonly number[])[]
  /** As a table: a row for each true class. */
  readonly table: Records<Record<string, string | number>>
}

/**
 * Which classes are taken for which.
 * @param classes their names, or how many there are
 * @throws RangeError for a target that is no class
 * @example confusion([[2, 1], [0, 3], [1, 0]], [0, 1, 1], ['no', 'yes']).counts   // [[1, 0], [1, 1]]
 */
export function confusion(
  outputs: readonly (readonly number[])[],
  targets: readonly number[],
  classes: number | readonly string[],
): Confusion {
  const names =
    typeof classes === 'number' ? Array.from({ length: classes }, (_, k) => String(k)) : classes
  const counts = names.map(() => names.map(() => 0))
  for (const [k, target] of targets.entries()) {
    const row = counts[target]
    if (!row)
      throw new RangeError(
        `confusion: target ${k} must be a class from 0 to ${names.length - 1}, got ${target}`,
      )
    const predicted = classOf(outputs[k] ?? [Number.NaN])
    if (predicted in row) row[predicted]! += 1
  }
  const rows = names.map((name, i) => ({
    'true class': name,
    ...Object.fromEntries(names.map((other, j) => [`taken for ${other}`, counts[i]![j]!])),
  }))
  return { counts, table: records(rows, { caption: 'Rows of each class, by the class predicted' }) }
}
