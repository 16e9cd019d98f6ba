import { close, type Exercise, type Random, withHints } from 'downhill'
import { between, listBetween, wholeBetween } from '../draw.js'
import { field } from '../plain.js'
import hints from './hints.md'
import { closeToEither } from './variance.js'

const tolerance = 1e-6
const exact = { tolerance: 1e-9 }

const dropout: Exercise = {
  id: 'dropout',
  functionName: 'drop',
  checks: [
    {
      name: 'any-rate',
      points: 2,
      rule: 'while training: y = 0 where u < p, else x / (1 − p), for any p',
      async test(student, random) {
        const [n, p] = [wholeBetween(random, 8, 16), between(random, 0.15, 0.4)]
        const x = listBetween(random, n, 1, 3)
        const u = listBetween(random, n, 0, 1)
        // Some fall below p, some between p and 1 − p, some above.
        u.splice(0, 3, p / 2, 0.5, 1 - p / 2)
        const got = await student.call('drop', [[...x], [...u], { p, training: true }])
        return close(
          got,
          x.map((value, i) => (u[i]! < p ? 0 : value / (1 - p))),
          exact,
        )
      },
    },
    {
      name: 'mean-stays',
      points: 1,
      rule: 'inverted scaling: over all draws the mean of y is x',
      async test(student, random) {
        const [n, value] = [1000, between(random, 1, 3)]
        const p = wholeBetween(random, 6, 9) / 10
        const u = Array.from({ length: n }, (_, i) => (i + 0.5) / n)
        const got = await student.call('drop', [u.map(() => value), u, { p, training: true }])
        const mean = Array.isArray(got)
          ? got.reduce<number>((sum, y) => sum + (typeof y === 'number' ? y : Number.NaN), 0) / n
          : got
        return close(mean, value, { tolerance })
      },
    },
    {
      name: 'evaluation-any',
      points: 1,
      rule: 'in evaluation y = x for any p: nothing dropped, nothing scaled',
      async test(student, random) {
        const [x, p] = [listBetween(random, 6, -3, 3), between(random, 0.1, 0.9)]
        const u = listBetween(random, 6, 0, 1)
        return close(await student.call('drop', [[...x], u, { p, training: false }]), x, exact)
      },
    },
    {
      name: 'zero-rate',
      points: 1,
      rule: 'with p = 0 nothing is dropped, also where u is 0',
      async test(student, random) {
        const x = listBetween(random, 4, 1, 3)
        const u = [0, ...listBetween(random, 3, 0, 1)]
        return close(await student.call('drop', [[...x], u, { p: 0, training: true }]), x, exact)
      },
    },
  ],
}

/** A type, not an interface: it must count as a plain value. */
type Running = {
  mean: number[]
  variance: number[]
}

const columnsOf = (rows: readonly (readonly number[])[]): number[][] =>
  rows[0]!.map((_, j) => rows.map((row) => row[j]!))

function momentsOf(values: readonly number[]): { mean: number; squares: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  return { mean, squares: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) }
}

const drawRows = (random: Random, n: number, columns: number): number[][] => {
  const scales = listBetween(random, columns, 0.5, 20)
  return Array.from({ length: n }, () => scales.map((scale) => scale * between(random, -1, 3)))
}

const drawRunning = (random: Random, columns: number): Running => ({
  mean: listBetween(random, columns, -2, 2),
  variance: listBetween(random, columns, 0.5, 4),
})

const copied = ({ mean, variance }: Running) => ({ mean: [...mean], variance: [...variance] })
const copiedRows = (rows: readonly (readonly number[])[]) => rows.map((row) => [...row])

const batchNorm: Exercise = {
  id: 'batch-norm',
  functionName: 'normalizeBatch',
  checks: [
    {
      name: 'any-batch',
      points: 2,
      rule: 'y = (x − μ) / √(σ² + ε) for any batch: σ² divided by n, ε inside the root',
      async test(student, random) {
        const [n, columns] = [wholeBetween(random, 4, 7), wholeBetween(random, 2, 3)]
        const rows = drawRows(random, n, columns)
        const eps = between(random, 0.5, 2)
        const moments = columnsOf(rows).map(momentsOf)
        const want = rows.map((row) =>
          row.map((x, j) => (x - moments[j]!.mean) / Math.sqrt(moments[j]!.squares / n + eps)),
        )
        const options = { momentum: 0.1, eps, training: true }
        const args = [copiedRows(rows), drawRunning(random, columns), options]
        return close(field(await student.call('normalizeBatch', args), 'y'), want, { tolerance })
      },
    },
    {
      name: 'any-momentum',
      points: 1,
      rule: 'running ← (1 − momentum)·running + momentum·batch, for any momentum and any start',
      async test(student, random) {
        const [n, columns] = [wholeBetween(random, 4, 7), 2]
        const rows = drawRows(random, n, columns)
        const [running, momentum] = [drawRunning(random, columns), between(random, 0.2, 0.4)]
        const moments = columnsOf(rows).map(momentsOf)
        const mix = (old: readonly number[], now: readonly number[]) =>
          old.map((value, j) => (1 - momentum) * value + momentum * now[j]!)
        const mean = mix(
          running.mean,
          moments.map((one) => one.mean),
        )
        const varianceBy = (divisor: number) =>
          mix(
            running.variance,
            moments.map(({ squares }) => squares / divisor),
          )
        // A large ε: it must not get into the running variance.
        const options = { momentum, eps: between(random, 0.5, 2), training: true }
        const args = [copiedRows(rows), copied(running), options]
        const got = await student.call('normalizeBatch', args)
        return closeToEither(
          got,
          { mean, variance: varianceBy(n - 1) },
          { mean, variance: varianceBy(n) },
        )
      },
    },
    {
      name: 'one-row',
      points: 1,
      rule: 'in evaluation one row alone can be normalized: only the running statistics count',
      async test(student, random) {
        const [[row], running] = [drawRows(random, 1, 3), drawRunning(random, 3)]
        const eps = between(random, 0.1, 1)
        const want = row!.map(
          (x, j) => (x - running.mean[j]!) / Math.sqrt(running.variance[j]! + eps),
        )
        const options = { momentum: 0.3, eps, training: false }
        const got = await student.call('normalizeBatch', [[[...row!]], copied(running), options])
        return close(got, { y: [want], ...running }, { tolerance })
      },
    },
  ],
}

const layerNorm: Exercise = {
  id: 'layer-norm',
  functionName: 'normalizeRows',
  checks: [
    {
      name: 'any-rows',
      points: 2,
      rule: 'y = (x − μ) / √(σ² + ε)·weight + bias for any rows: σ² divided by the length of the row',
      async test(student, random) {
        const columns = wholeBetween(random, 3, 5)
        const rows = drawRows(random, wholeBetween(random, 2, 4), columns)
        const [weight, bias] = [
          listBetween(random, columns, 0.5, 2),
          listBetween(random, columns, 0.5, 2),
        ]
        const eps = between(random, 0.5, 2)
        const want = rows.map((row) => {
          const { mean, squares } = momentsOf(row)
          return row.map(
            (x, j) => ((x - mean) / Math.sqrt(squares / columns + eps)) * weight[j]! + bias[j]!,
          )
        })
        const options = { weight: [...weight], bias: [...bias], eps }
        const got = await student.call('normalizeRows', [copiedRows(rows), options])
        return close(got, want, { tolerance })
      },
    },
    {
      name: 'equal-numbers',
      points: 1,
      rule: 'a row of equal numbers has variance 0: ε keeps 0 / 0 away, and the bias is what is left',
      async test(student, random) {
        const [value, bias] = [between(random, 1, 5), listBetween(random, 3, -1, 1)]
        const options = { weight: [1, 1, 1], bias: [...bias], eps: 1e-5 }
        const got = await student.call('normalizeRows', [[[value, value, value]], options])
        return close(got, [bias], { tolerance })
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [dropout, batchNorm, layerNorm].map((exercise) =>
  withHints(exercise, hints),
)
