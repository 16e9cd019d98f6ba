import { describe, expect, test } from 'vitest'
import {
  type ArmRow,
  drawContest,
  type GivenRun,
  tableOf,
  winnerOf,
} from '../../lessons/08-compare-regularizers/contest.js'
import { seededRandom } from '../../src/checks/random.js'
import { type Functions, lostChecks, pointsFor } from '../support/answers.js'

type L1 = (weights: number[][], strength: number) => unknown
type Decay = (weights: number[], options: { lr: number; weightDecay: number }) => unknown
type Dropout = (x: number[], u: number[], p: number, training: boolean) => unknown
type Table = (runs: GivenRun[]) => ArmRow[]
type Winner = (table: ArmRow[]) => unknown

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length
const sd = (values: readonly number[], divisor = values.length - 1): number =>
  Math.sqrt(sum(values.map((value) => (value - mean(values)) ** 2)) / divisor)
const last = ({ validationLoss }: GivenRun): number => validationLoss.at(-1)!
const score = (run: GivenRun): number =>
  run.keepsBest ? Math.min(...run.validationLoss) : last(run)
const armsOf = (runs: GivenRun[]): string[] => [...new Set(runs.map(({ arm }) => arm))]
const seedsOf = (runs: GivenRun[]): number[] => [...new Set(runs.map(({ seed }) => seed))]

/** A table by sorting and maps, with parts that can be replaced by wrong ones. */
const tableWith =
  ({
    by = score,
    spread = sd,
    paired = true,
    pick = (runs: GivenRun[]) => runs.toSorted((a, b) => by(a) - by(b))[0]!,
  }: {
    by?: (run: GivenRun) => number
    spread?: (values: readonly number[]) => number
    paired?: boolean
    pick?: (runs: GivenRun[]) => GivenRun
  } = {}): Table =>
  (runs) => {
    const of = (arm: string) =>
      seedsOf(runs).map((seed) => pick(runs.filter((r) => r.arm === arm && r.seed === seed)))
    const none = new Map(of('none').map(({ seed, test }) => [seed, test]))
    return armsOf(runs).map((arm) => {
      const tests = of(arm).map(({ test }) => test)
      const differences = of(arm).map(({ seed, test }) => test - none.get(seed)!)
      const unpaired = Math.hypot(spread(tests), spread([...none.values()]))
      return {
        arm,
        accuracy: mean(tests),
        accuracySd: spread(tests),
        difference: mean(differences),
        differenceSd: paired ? spread(differences) : unpaired,
        steps: mean(of(arm).map(({ steps }) => steps)),
      }
    })
  }

/** One strength for all seeds: the one with the lowest mean loss. */
const oneStrength: Table = (runs) => {
  const chosen = armsOf(runs).flatMap((arm) => {
    const own = runs.filter((run) => run.arm === arm)
    const strengths = [...new Set(own.map(({ strength }) => strength))]
    const loss = (s: number) => mean(own.filter(({ strength }) => strength === s).map(score))
    const [best] = strengths.toSorted((a, b) => loss(a) - loss(b))
    return own.filter(({ strength }) => strength === best)
  })
  return tableWith()(runs.filter((run) => chosen.includes(run)))
}

const rightWinner: Winner = (table) => {
  let best: ArmRow | undefined
  for (const row of table) {
    if (row.arm === 'none' || row.difference / row.differenceSd <= 2) continue
    if (!best || best.difference < row.difference) best = row
  }
  return best ? best.arm : 'no difference'
}

const answer = {
  l1: (l1Penalty: L1) => ['l1-penalty', { l1Penalty }] as const,
  decay: (decay: Decay) => ['decay', { decay }] as const,
  dropout: (dropout: Dropout) => ['dropout-units', { dropout }] as const,
  table: (regularizerTable: Table) => ['regularizer-table', { regularizerTable }] as const,
  winner: (winner: Winner, regularizerTable: Table = tableWith()) =>
    ['regularizer-winner', { winner, regularizerTable }] as const,
}

const right: Record<string, readonly [string, Functions]> = {
  'L1, flat sum': answer.l1((weights, strength) => ({
    penalty: sum(weights.flat().map((w) => strength * Math.abs(w))),
    gradient: weights.map((t) => t.map((w) => (w === 0 ? 0 : (strength * w) / Math.abs(w)))),
  })),
  'L1, typed arrays': answer.l1((weights, strength) => ({
    penalty:
      strength * weights.reduce((all, t) => t.reduce((a, w) => a + (w < 0 ? -w : w), all), 0),
    gradient: weights.map((t) => Float64Array.from(t, (w) => strength * Math.sign(w))),
  })),
  'decay, subtracted': answer.decay((w, { lr, weightDecay }) =>
    w.map((x) => x - lr * (weightDecay * x)),
  ),
  'decay, in place': answer.decay((w, { lr, weightDecay }) => {
    for (let i = 0; i < w.length; i++) w[i]! *= 1 - lr * weightDecay
    return w
  }),
  'dropout, by a mask': answer.dropout((x, u, p, training) => {
    const mask = u.map((value) => (value >= p ? 1 / (1 - p) : 0))
    return training ? x.map((value, i) => value * mask[i]!) : [...x]
  }),
  'dropout, by a loop': answer.dropout((x, u, p, training) => {
    const out: number[] = []
    for (const [i, value] of x.entries())
      out.push(!training ? value : u[i]! < p ? 0 : value / (1 - p))
    return out
  }),
  'table, by sorting': answer.table(tableWith()),
  "table, the grader's own": answer.table(tableOf),
  'winner, by a loop': answer.winner(rightWinner),
  "winner, the grader's own, with a wrong table": answer.winner(
    winnerOf,
    tableWith({ paired: false }),
  ),
}

describe('right answers keep every point', () => {
  test.each(Object.entries(right))('%s', async (_, [exercise, functions]) => {
    expect(await lostChecks(exercise, functions)).toEqual([])
  })
})

const allOfTable = ['chosen-by-validation', 'paired-by-seed', 'any-accuracy', 'any-spread']
const wrong: Record<string, { answer: readonly [string, Functions]; lost: string[] }> = {
  'L1, without the absolute value': {
    answer: answer.l1((weights, s) => ({
      penalty: s * sum(weights.flat()),
      gradient: weights.map((t) => t.map((w) => s * Math.sign(w))),
    })),
    lost: ['penalty-by-hand', 'any-penalty'],
  },
  'L1, with the slope of L2': {
    answer: answer.l1((weights, s) => ({
      penalty: s * sum(weights.flat().map(Math.abs)),
      gradient: weights.map((t) => t.map((w) => s * w)),
    })),
    lost: ['slope-by-hand', 'any-slope'],
  },
  'L1, slope 1 at 0': {
    answer: answer.l1((weights, s) => ({
      penalty: s * sum(weights.flat().map(Math.abs)),
      gradient: weights.map((t) => t.map((w) => (w >= 0 ? s : -s))),
    })),
    lost: ['slope-by-hand'],
  },
  'L1, the first tensor only': {
    answer: answer.l1((weights, s) => ({
      penalty: s * sum(weights[0]!.map(Math.abs)),
      gradient: [weights[0]!.map((w) => s * Math.sign(w))],
    })),
    lost: ['penalty-by-hand', 'slope-by-hand', 'any-penalty', 'any-slope'],
  },
  'decay, without the rate': {
    answer: answer.decay((w, { weightDecay }) => w.map((x) => x * (1 - weightDecay))),
    lost: ['decay-by-hand', 'any-decay'],
  },
  'decay, the slope of L1': {
    answer: answer.decay((w, { lr, weightDecay }) =>
      w.map((x) => x - lr * weightDecay * Math.sign(x)),
    ),
    lost: ['decay-by-hand', 'any-decay'],
  },
  'decay, the numbers of the page': {
    answer: answer.decay((w) => w.map((x) => 0.95 * x)),
    lost: ['any-decay', 'no-decay'],
  },
  'dropout, without the factor': {
    answer: answer.dropout((x, u, p, training) =>
      x.map((value, i) => (training && u[i]! < p ? 0 : value)),
    ),
    lost: ['training', 'any-p'],
  },
  'dropout, in evaluation too': {
    answer: answer.dropout((x, u, p) => x.map((value, i) => (u[i]! < p ? 0 : value / (1 - p)))),
    lost: ['evaluation', 'off'],
  },
  'dropout, p is the share that stays': {
    answer: answer.dropout((x, u, p, training) =>
      training ? x.map((value, i) => (u[i]! < p ? value / p : 0)) : x,
    ),
    lost: ['training', 'any-p', 'off'],
  },
  'dropout, the equal one too': {
    answer: answer.dropout((x, u, p, training) =>
      training ? x.map((value, i) => (u[i]! <= p ? 0 : value / (1 - p))) : x,
    ),
    lost: ['any-p'],
  },
  'table, chosen by the test set': {
    answer: answer.table(tableWith({ by: ({ test: got }) => -got })),
    lost: [...allOfTable, 'best-epoch-kept', 'any-difference', 'any-steps'],
  },
  'table, always by the last epoch': {
    answer: answer.table(tableWith({ by: last })),
    lost: ['best-epoch-kept', 'any-accuracy', 'any-spread', 'any-difference', 'any-steps'],
  },
  'table, always by the best epoch': {
    answer: answer.table(tableWith({ by: (run) => Math.min(...run.validationLoss) })),
    lost: [...allOfTable, 'any-difference', 'any-steps'],
  },
  'table, one strength for all seeds': {
    answer: answer.table(oneStrength),
    lost: [...allOfTable, 'best-epoch-kept', 'any-difference', 'any-steps'],
  },
  'table, deviations divided by n': {
    answer: answer.table(tableWith({ spread: (values) => sd(values, values.length) })),
    lost: ['paired-by-seed', 'any-spread', 'any-difference'],
  },
  'table, differences of unpaired means': {
    answer: answer.table(tableWith({ paired: false })),
    lost: ['paired-by-seed', 'any-difference'],
  },
  'table, arms by the alphabet': {
    answer: answer.table((runs) =>
      tableWith()(runs.toSorted((a, b) => (a.arm < b.arm ? -1 : a.arm > b.arm ? 1 : 0))),
    ),
    lost: ['rows-in-order', 'chosen-by-validation', 'best-epoch-kept', 'paired-by-seed'],
  },
  'table, none always first': {
    answer: answer.table((runs) =>
      tableWith()(runs).toSorted((a, b) => Number(b.arm === 'none') - Number(a.arm === 'none')),
    ),
    lost: ['rows-in-order'],
  },
  'winner, 1.96 deviations': {
    answer: answer.winner(
      (table) =>
        table
          .filter((row) => row.difference > 1.96 * row.differenceSd)
          .toSorted((a, b) => b.difference - a.difference)[0]?.arm ?? 'no difference',
    ),
    lost: ['no-winner'],
  },
  'winner, the largest mean': {
    answer: answer.winner((table) => table.toSorted((a, b) => b.difference - a.difference)[0]!.arm),
    lost: [
      'largest-that-counts',
      'none-that-counts',
      'any-winner',
      'no-winner',
      'agrees-with-table',
    ],
  },
  'winner, one deviation is enough': {
    answer: answer.winner(
      (table) =>
        table
          .filter((row) => row.difference > row.differenceSd)
          .toSorted((a, b) => b.difference - a.difference)[0]?.arm ?? 'no difference',
    ),
    lost: ['largest-that-counts', 'none-that-counts', 'any-winner', 'no-winner'],
  },
  'winner, the surest instead of the largest': {
    answer: answer.winner(
      (table) =>
        table
          .filter((row) => row.difference > 2 * row.differenceSd)
          .toSorted((a, b) => b.difference / b.differenceSd - a.difference / a.differenceSd)[0]
          ?.arm ?? 'no difference',
    ),
    lost: ['largest-that-counts', 'any-winner'],
  },
  'winner, never one': {
    answer: answer.winner(() => 'no difference'),
    lost: ['largest-that-counts', 'any-winner', 'agrees-with-table'],
  },
}

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(Object.entries(wrong))('%s', async (_, { answer: [exercise, functions], lost }) => {
    const names = await lostChecks(exercise, functions)
    expect(new Set(names)).toEqual(new Set(lost))
    expect(pointsFor(exercise, names)).toBe(pointsFor(exercise, lost))
  })
})

test('in a drawn contest validation chooses several strengths, and none that is best on the test set', () => {
  for (let seed = 0; seed < 25; seed++) {
    const runs = drawContest(seededRandom(seed))
    for (const arm of armsOf(runs)) {
      const chosen = seedsOf(runs).map((one) => {
        const tried = runs.filter((run) => run.arm === arm && run.seed === one)
        const best = tried.toSorted((a, b) => score(a) - score(b))[0]!
        expect(best.test).toBeLessThan(Math.max(...tried.map((run) => run.test)))
        return best.strength
      })
      expect(new Set(chosen).size).toBeGreaterThan(1)
    }
  }
})
