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

/** Student's t for 99 % on both sides together, at 1, 2, … 30 degrees of freedom. */
const student = [
  63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.25, 3.169, 3.106, 3.055, 3.012, 2.977,
  2.947, 2.921, 2.898, 2.878, 2.861, 2.845, 2.831, 2.819, 2.807, 2.797, 2.787, 2.779, 2.771, 2.763,
  2.756, 2.75,
]

/**
 * Whether a difference counts: the one rule of the course, for paired differences between two recipes, seed by seed.
 *   |mean| > t·sd / √n       t: Student's, for 99 % and n − 1 degrees of freedom
 * With five seeds that is 2.06·sd, "more than twice its standard deviation"; with two 45·sd, three 5.7, ten 1.03, twenty 0.64. So luck alone (normal noise) gets there once in a hundred
 * times, however many seeds there are; that is strict, since a lesson looks at many differences. It says nothing about how large or useful the difference is. What does not count may be
 * there all the same: it was not seen. Beyond 31 seeds t stays that of 31, a little stricter than need be.
 * Tests     test/training/statistics.test.ts
 * Source    Student, The Probable Error of a Mean (1908): the paired t-test; the 99 % are a convention of this course
 * @example
 * counts(spreadOf([0.02, 0.03, 0.025, 0.02, 0.03]))   // true
 * counts(spreadOf([0.02, 0.03, -0.01, 0.02, 0.04]))   // false
 */
export function counts({ mean, sd, n }: Spread): boolean {
  const t = student[Math.min(n - 1, student.length) - 1] ?? Number.NaN
  return Math.abs(mean) > (t * sd) / Math.sqrt(n)
}

/** "0.95 ± 0.01", with as many digits as the deviation has meaning. */
export function spreadText({ mean, sd, n }: Spread): string {
  if (n === 0) return ''
  if (!(sd > 0)) return `${Number(mean.toPrecision(4))}${n > 1 ? ' ± 0' : ''}`
  const digits = Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(sd))))
  return `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`
}
