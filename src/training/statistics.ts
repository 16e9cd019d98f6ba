/** Some values of one quantity. */
export interface Spread {
  readonly mean: number
  /** The standard deviation of the sample: divided by n − 1; NaN for less than two values. */
  readonly sd: number
  readonly n: number
}

/**
 * Mean and standard deviation of the values that are finite.
 * Tests     test/training/statistics.test.ts
 * @example const { mean, sd, n } = spreadOf([0.9, 0.92, 0.94]); [mean, sd, n]   // [0.92, 0.02, 3]
 */
export function spreadOf(values: readonly (number | undefined)[]): Spread {
  const finite = values.filter((value): value is number => Number.isFinite(value))
  const n = finite.length
  const mean = finite.reduce((sum, value) => sum + value, 0) / n
  const squares = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : Number.NaN, n }
}

/** "0.95 ± 0.01", with as many digits as the deviation has meaning. */
export function spreadText({ mean, sd, n }: Spread): string {
  if (n === 0) return ''
  if (!(sd > 0)) return `${Number(mean.toPrecision(4))}${n > 1 ? ' ± 0' : ''}`
  const digits = Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(sd))))
  return `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`
}
