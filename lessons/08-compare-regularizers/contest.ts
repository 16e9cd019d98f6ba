import type { Random } from 'downhill'
import { between, wholeBetween } from '../draw.js'

/** A run as the exercise `regularizer-table` gets it. */
export interface GivenRun {
  arm: string
  strength: number
  seed: number
  validationLoss: number[]
  keepsBest: boolean
  steps: number
  test: number
}

/** A row of the table. */
export interface ArmRow {
  arm: string
  accuracy: number
  accuracySd: number
  difference: number
  differenceSd: number
  steps: number
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const sd = (values: readonly number[]): number => {
  const middle = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}

const score = ({ keepsBest, validationLoss }: GivenRun): number =>
  keepsBest ? Math.min(...validationLoss) : validationLoss.at(-1)!

/** The table of a contest, as the grader computes it. */
export function tableOf(runs: readonly GivenRun[]): ArmRow[] {
  const seeds = [...new Set(runs.map(({ seed }) => seed))]
  const chosen = (arm: string) =>
    seeds.map((seed) => {
      const tried = runs.filter((run) => run.arm === arm && run.seed === seed)
      return tried.reduce((best, run) => (score(run) < score(best) ? run : best))
    })
  const none = chosen('none').map(({ test }) => test)
  return [...new Set(runs.map(({ arm }) => arm))].map((arm) => {
    const best = chosen(arm)
    const tests = best.map(({ test }) => test)
    const differences = tests.map((test, k) => test - none[k]!)
    return {
      arm,
      accuracy: mean(tests),
      accuracySd: sd(tests),
      difference: mean(differences),
      differenceSd: sd(differences),
      steps: mean(best.map(({ steps }) => steps)),
    }
  })
}

/** The winner that agrees with a table. */
export function winnerOf(table: readonly ArmRow[]): string {
  const counts = table.filter(
    ({ arm, difference, differenceSd }) => arm !== 'none' && difference > 2 * differenceSd,
  )
  return counts.sort((a, b) => b.difference - a.difference)[0]?.arm ?? 'no difference'
}

/**
 * A contest in which each shortcut shows: the strength that validation chooses changes from seed to seed, is never the best on the test set, and is another one by the
 * last epoch than by the best one; the seeds differ more than the arms; the list is shuffled.
 */
export function drawContest(random: Random): GivenRun[] {
  const seeds = wholeBetween(random, 4, 6)
  const level = Array.from({ length: seeds }, () => between(random, 0.5, 0.8))
  const arms = ['L1', 'none', 'dropout', 'early stopping']
  const runs = arms.flatMap((arm) =>
    level.flatMap((base, seed) => {
      const good = (seed + wholeBetween(random, 0, 1)) % 3
      return [0, 1, 2].map((k): GivenRun => {
        const keepsBest = arm === 'early stopping'
        const [low, high] = [between(random, 0.2, 0.3), between(random, 0.5, 0.6)]
        // What counts is low for the good one; what does not count is low for the others.
        const [best, last] = k === good ? [low, low + 0.1] : [high, high + 0.1]
        const [trapBest, trapLast] = k === good ? [high - 0.2, low] : [0.1, high]
        const validationLoss = keepsBest
          ? [0.9, best, k === good ? 1 + high : 0.95]
          : [0.9, trapBest, Math.max(trapLast, last - 0.1)]
        return {
          arm,
          strength: 10 ** -k,
          seed: seed + 1,
          validationLoss,
          keepsBest,
          steps: wholeBetween(random, 100, 400),
          test: base + (k === good ? 0 : 0.1) + between(random, 0, 0.05),
        }
      })
    }),
  )
  return shuffled(runs, random)
}

/** Each order is as likely as the others (Fisher and Yates). */
function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const list = [...items]
  for (let k = list.length - 1; k > 0; k--) {
    const other = wholeBetween(random, 0, k)
    ;[list[k], list[other]] = [list[other]!, list[k]!]
  }
  return list
}
