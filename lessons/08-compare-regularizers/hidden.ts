import { close, type Exercise, type Plain, type Random, withHints } from 'downhill'
import { between, listBetween, wholeBetween } from '../draw.js'
import { column } from '../plain.js'
import { type ArmRow, drawContest, tableOf, winnerOf } from './contest.js'
import hints from './hints.md'

const l1Penalty: Exercise = {
  id: 'l1-penalty',
  functionName: 'l1Penalty',
  checks: [
    {
      name: 'any-penalty',
      points: 1,
      rule: 'λ·Σ|w| over all tensors, whatever their number',
      async test(student, random) {
        const [weights, strength] = [drawWeights(random), between(random, 0.1, 2)]
        const sum = weights.flat().reduce((total, w) => total + Math.abs(w), 0)
        const got = await student.call('l1Penalty', [weights, strength])
        return close(got, { penalty: strength * sum })
      },
    },
    {
      name: 'any-slope',
      points: 2,
      rule: 'λ·sign(w) in the shape of the weights, whatever their size',
      async test(student, random) {
        const [weights, strength] = [drawWeights(random), between(random, 0.1, 2)]
        const want = weights.map((tensor) => tensor.map((w) => strength * Math.sign(w)))
        return close(await student.call('l1Penalty', [weights, strength]), { gradient: want })
      },
    },
  ],
}

const drawWeights = (random: Random): number[][] =>
  Array.from({ length: wholeBetween(random, 2, 4) }, () => [
    ...listBetween(random, wholeBetween(random, 1, 3), -3, -0.1),
    ...listBetween(random, wholeBetween(random, 1, 3), 0.1, 3),
  ])

const decay: Exercise = {
  id: 'decay',
  functionName: 'decay',
  checks: [
    {
      name: 'any-decay',
      points: 2,
      rule: 'w ← w − α·λ·w, for any α and λ',
      async test(student, random) {
        const options = { lr: between(random, 0.01, 0.5), weightDecay: between(random, 0.1, 0.9) }
        const weights = [...listBetween(random, 3, 1, 5), ...listBetween(random, 3, -5, -1)]
        const want = weights.map((w) => w - options.lr * options.weightDecay * w)
        return close(await student.call('decay', [weights, options]), want)
      },
    },
    {
      name: 'no-decay',
      points: 1,
      rule: 'with λ = 0, or no weight, nothing changes',
      async test(student, random) {
        const weights = listBetween(random, 4, 1, 5)
        const off = await student.call('decay', [weights, { lr: 0.1, weightDecay: 0 }])
        const empty = await student.call('decay', [[], { lr: 0.1, weightDecay: 0.1 }])
        return close([off, empty], [weights, []])
      },
    },
  ],
}

const dropout: Exercise = {
  id: 'dropout-units',
  functionName: 'dropout',
  checks: [
    {
      name: 'any-p',
      points: 2,
      rule: '0 where u < p, else x/(1 − p), for any p',
      async test(student, random) {
        const p = between(random, 0.2, 0.8)
        const x = listBetween(random, 8, 1, 4)
        const u = [0, p, ...listBetween(random, 3, 0, p), ...listBetween(random, 3, p, 1)]
        const want = x.map((value, i) => (u[i]! < p ? 0 : value / (1 - p)))
        return close(await student.call('dropout', [x, u, p, true]), want)
      },
    },
    {
      name: 'off',
      points: 1,
      rule: 'with p = 0, or in evaluation, the numbers come back as they were',
      async test(student, random) {
        const [x, u] = [listBetween(random, 5, -4, 4), listBetween(random, 5, 0, 1)]
        const none = await student.call('dropout', [x, u, 0, true])
        const evaluation = await student.call('dropout', [x, u, between(random, 0.3, 0.9), false])
        return close([none, evaluation], [x, x])
      },
    },
  ],
}

/** The columns of a table that a check is about, by arm: the order of the rows is another check's. */
function byArm(table: Plain, names: readonly (keyof ArmRow)[]): Plain {
  const arms = column(table, 'arm')
  if (!Array.isArray(arms)) return table
  const columns = names.map((name) => column(table, name))
  return Object.fromEntries(
    arms.map((arm, k) => [
      String(arm),
      columns.map((values) => (Array.isArray(values) ? values[k] : undefined)),
    ]),
  )
}

const tableCheck = (name: string, points: number, rule: string, names: (keyof ArmRow)[]) => ({
  name,
  points,
  rule,
  async test(student: Parameters<Exercise['checks'][number]['test']>[0], random: Random) {
    const runs = drawContest(random)
    const got = await student.call('regularizerTable', [runs.map((run) => ({ ...run }))])
    return close(byArm(got, names), byArm(plainTable(tableOf(runs)), names))
  },
})

const plainTable = (table: readonly ArmRow[]): Plain => table.map((row) => ({ ...row }))

const regularizerTable: Exercise = {
  id: 'regularizer-table',
  functionName: 'regularizerTable',
  checks: [
    tableCheck('any-accuracy', 2, 'accuracy: the mean over the seeds of the chosen runs', [
      'accuracy',
    ]),
    tableCheck('any-spread', 1, 'accuracySd: √(Σ(x − mean)² / (n − 1))', ['accuracySd']),
    tableCheck('any-difference', 2, 'difference and differenceSd: seed by seed, in any order', [
      'difference',
      'differenceSd',
    ]),
    tableCheck('any-steps', 1, 'steps: the mean over the chosen runs', ['steps']),
  ],
}

const row = (arm: string, difference: number, differenceSd: number): ArmRow => ({
  arm,
  accuracy: 0.8 + difference,
  accuracySd: 0.02,
  difference,
  differenceSd,
  steps: 100,
})

const winner: Exercise = {
  id: 'regularizer-winner',
  functionName: 'winner',
  checks: [
    {
      name: 'any-winner',
      points: 1,
      rule: 'the largest difference among those above 2·differenceSd, wherever it stands',
      async test(student, random) {
        const [a, b] = [between(random, 0.01, 0.02), between(random, 0.03, 0.04)]
        const rows = [
          row('decay', b, b / between(random, 2.1, 4)),
          row('none', 0, 0),
          row('dropout', a, a / 4),
          row('batch norm', 0.06, 0.06 / between(random, 1.1, 1.9)),
        ]
        return close(await student.call('winner', [plainTable(rows)]), 'decay')
      },
    },
    {
      name: 'no-winner',
      points: 1,
      rule: 'less than 2 sd is not enough, 1.98 neither; and hurting surely is not winning',
      async test(student, random) {
        const rows = [
          row('none', 0, 0),
          row('L1', 0.02, 0.02 / between(random, 1.1, 1.9)),
          row('decay', 0.03, 0.03 / between(random, 1.97, 1.99)),
          row('L2', -0.05, between(random, 0.001, 0.02)),
        ]
        return close(await student.call('winner', [plainTable(rows)]), 'no difference')
      },
    },
    {
      name: 'agrees-with-table',
      points: 1,
      rule: 'the winner is that of your own table, computed from the histories of a contest',
      async test(student, random) {
        // One contest has a winner, the other has none.
        const contest = drawContest(random)
        const level = new Map(
          contest.filter(({ arm }) => arm === 'none').map(({ seed, test }) => [seed, test]),
        )
        // Besides the gain, every other seed is a little better and the rest as much worse: no arm is.
        const side = (seed: number) => (seed % 2 === 0 ? 1 : -1) * between(random, 0.0009, 0.001)
        const made = (gain: number) =>
          contest.map((run) => ({
            ...run,
            test:
              level.get(run.seed)! +
              (run.arm === 'none' ? 0 : side(run.seed)) +
              (run.arm === 'L1' ? gain : 0),
          }))
        const got: Plain[] = []
        const want: Plain[] = []
        for (const runs of [made(0.05), made(-0.05)]) {
          const table = await student.call('regularizerTable', [runs])
          got.push(await student.call('winner', [table]))
          want.push(winnerOf(rowsOf(table)))
        }
        return close(got, want)
      },
    },
  ],
}

/** The learner's table as rows of numbers; of what is no table, no rows. */
function rowsOf(table: Plain): ArmRow[] {
  const list = (name: keyof ArmRow): Plain[] => {
    const values = column(table, name)
    return Array.isArray(values) ? values : []
  }
  const [differences, deviations] = [list('difference'), list('differenceSd')]
  return list('arm').map((arm, k) =>
    row(String(arm), Number(differences[k]), Number(deviations[k])),
  )
}

export const hidden: readonly Exercise[] = [
  l1Penalty,
  decay,
  dropout,
  regularizerTable,
  winner,
].map((exercise) => withHints(exercise, hints))
