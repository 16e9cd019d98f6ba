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

/**
 * Whether a difference counts: |mean| > 2·sd, of the paired differences between two recipes, seed by seed. The one rule of the course, and a strict one, since a
 * lesson looks at many differences: in the t-test of paired differences (normal noise) it asks for t = mean·√n/sd = 2√n. By luck alone a difference that is
 * not there counts with p = 0.22, 0.074, 0.011, 0.0008, 0.00014 for n = 2, 3, 5, 8, 10 (two-sided, n − 1 degrees of freedom).
 * It asks that nearly every single seed show the difference (98 of 100, were mean and sd exact), and is no confidence interval of the mean, whose width falls with √n: more seeds make
 * the answer surer, not a small difference count. What does not count may be there all the same: it was not seen.
 * Tests     test/training/statistics.test.ts
 * Source    Student, The Probable Error of a Mean (1908), for t; the limit 2·sd is a convention of this course
 * @example
 * counts(spreadOf([0.02, 0.03, 0.025, 0.02, 0.03]))   // true
 * counts(spreadOf([0.02, 0.03, -0.01, 0.02, 0.04]))   // false
 */
export function counts({ mean, sd }: Pick<Spread, 'mean' | 'sd'>): boolean {
  return Math.abs(mean) > 2 * sd
}

/** "0.95 ± 0.01", with as many digits as the deviation has meaning. */
export function spreadText({ mean, sd, n }: Spread): string {
  if (n === 0) return ''
  if (!(sd > 0)) return `${Number(mean.toPrecision(4))}${n > 1 ? ' ± 0' : ''}`
  const digits = Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(sd))))
  return `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`
}
