/** Two rates that a range test speaks for. Both are rules of thumb: places to start from, not results. */
export interface PickedRate {
  /** Where the smoothed loss falls fastest against the logarithm of the rate, before its minimum. NaN if it never falls. */
  readonly steepest: number
  /** A tenth of the rate at which the smoothed loss is smallest. NaN without a loss that is finite. */
  readonly minimumOverTen: number
}

/**
 * The rates that a range test speaks for, from its rates (rising) and its smoothed losses.
 *   steepest: the largest fall of the loss per ln(rate), from the neighbours of a point;  minimum/10: the rate of the smallest loss, divided by 10
 * Source    Smith 2017, arXiv:1506.01186, §3.3, is the test; both rules are fastai's.
 * Tests     test/training/findLearningRate.test.ts
 * @throws RangeError unless there are as many rates as losses, rising and positive
 * @example pickLearningRate([1e-3, 1e-2, 1e-1, 1], [2, 1.9, 0.5, 3]).minimumOverTen   // 0.01
 */
export function pickLearningRate(rates: readonly number[], losses: readonly number[]): PickedRate {
  if (rates.length !== losses.length)
    throw new RangeError(
      `pickLearningRate: there must be as many rates as losses, got ${rates.length} and ${losses.length}`,
    )
  const odd = rates.findIndex((rate, k) => !(rate > (k === 0 ? 0 : rates[k - 1]!)))
  if (odd >= 0)
    throw new RangeError(
      `pickLearningRate: rates must be positive and rise, got ${rates[odd]} at ${odd}`,
    )
  const finite = [...losses.keys()].filter((k) => Number.isFinite(losses[k]))
  const least = finite.reduce((a, b) => (losses[b]! < losses[a]! ? b : a), finite[0] ?? -1)
  let steepest = -1
  let fall = 0
  for (let k = 0; k <= least; k++) {
    const [from, to] = [Math.max(0, k - 1), Math.min(least, k + 1)]
    const slope = (losses[to]! - losses[from]!) / Math.log(rates[to]! / rates[from]!)
    if (slope < fall) [steepest, fall] = [k, slope]
  }
  return {
    steepest: rates[steepest] ?? Number.NaN,
    minimumOverTen: (rates[least] ?? Number.NaN) / 10,
  }
}
