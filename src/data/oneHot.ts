import { checkOption, period } from '../backend/options.js'

/**
 * Class numbers as rows of zeros with a single 1: [n] → n × classes.
 * Tests     test/data/oneHot.test.ts
 * @throws RangeError for a number that is no class
 * @example oneHot([0, 2], 3)   // [[1, 0, 0], [0, 0, 1]]
 */
export function oneHot(y: readonly number[], classes: number): number[][] {
  checkOption('oneHot', 'classes', period(), classes)
  return y.map((label, k) => {
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw new RangeError(
        `oneHot: value ${k} must be a class from 0 to ${classes - 1}, got ${label}`,
      )
    return Array.from({ length: classes }, (_, at) => (at === label ? 1 : 0))
  })
}
