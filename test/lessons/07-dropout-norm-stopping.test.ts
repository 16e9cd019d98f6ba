import { describe, expect, test } from 'vitest'
import { useBackend } from '../../src/backend/use.js'
import { parameter, tensor } from '../../src/nn/create.js'
import { defineLayer } from '../../src/nn/layer.js'
import { batchNorm } from '../../src/nn/layers/batchNorm.js'
import { layerNorm } from '../../src/nn/layers/layerNorm.js'
import { earlyStopping } from '../../src/regularizers/earlyStopping.js'
import { type Functions, lostChecks, pointsFor } from '../support/answers.js'

type Drop = (x: number[], u: number[], options: { p: number; training: boolean }) => unknown

const drop: Drop = (x, u, { p, training }) =>
  training ? x.map((value, i) => (u[i]! < p ? 0 : value / (1 - p))) : x

interface Running {
  mean: number[]
  variance: number[]
}
interface BatchOptions {
  momentum: number
  eps: number
  training: boolean
}
type Batch = (rows: number[][], running: Running, options: BatchOptions) => unknown

const average = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length
const varianceOf = (values: number[], less = 0) => {
  const mean = average(values)
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - less)
}
const turned = (rows: number[][]) => rows[0]!.map((_, j) => rows.map((row) => row[j]!))

/** Batch norm, with the parts that answers do in their own way. */
const batch =
  ({
    divisor = 0,
    runningDivisor = 1,
    root = (v: number, eps: number) => Math.sqrt(v + eps),
    mix = (old: number, now: number, m: number) => (1 - m) * old + m * now,
    by = turned,
    keeps = false,
    modes = true,
  } = {}): Batch =>
  (rows, running, { momentum, eps, training }) => {
    const columns = by(rows)
    const own = training || !modes
    const means = own ? columns.map(average) : running.mean
    const variances = own ? columns.map((c) => varianceOf(c, divisor)) : running.variance
    const norm = (x: number, k: number) => (x - means[k]!) / root(variances[k]!, eps)
    const y = rows.map((row, i) => row.map((x, j) => norm(x, by === turned ? j : i)))
    if (!training || keeps) return { y, ...running }
    return {
      y,
      mean: running.mean.map((old, j) => mix(old, average(turned(rows)[j]!), momentum)),
      variance: running.variance.map((old, j) =>
        mix(old, varianceOf(turned(rows)[j]!, runningDivisor), momentum),
      ),
    }
  }

/** The library's own, with the given running statistics. */
const libraryBatch: Batch = async (rows, running, { momentum, eps, training }) => {
  await useBackend('reference')
  const layer = batchNorm(rows[0]!.length, { momentum, eps, affine: false })
  const list = (data: number[]) => ({ shape: [data.length], data })
  const before = await layer.stateDict()
  const given = { runningMean: list(running.mean), runningVar: list(running.variance) }
  layer.loadStateDict({ ...before, ...given } as typeof before)
  if (!training) layer.evaluate()
  const flat = [...(await layer(tensor(rows)).data())]
  const after = (await layer.stateDict()) as unknown as Record<string, { data: number[] }>
  await useBackend('auto')
  const width = rows[0]!.length
  return {
    y: rows.map((_, k) => flat.slice(k * width, (k + 1) * width)),
    mean: [...after.runningMean!.data],
    variance: [...after.runningVar!.data],
  }
}

interface RowOptions {
  weight: number[]
  bias: number[]
  eps: number
}
type Rows = (rows: number[][], options: RowOptions) => unknown

const rowNorm =
  ({
    less = 0,
    root = (v: number, eps: number) => Math.sqrt(v + eps),
    affine = (y: number, w: number, b: number) => y * w + b,
  } = {}): Rows =>
  (rows, { weight, bias, eps }) =>
    rows.map((row) =>
      row.map((x, j) =>
        affine((x - average(row)) / root(varianceOf(row, less), eps), weight[j]!, bias[j]!),
      ),
    )

const libraryRows: Rows = async (rows, { weight, bias, eps }) => {
  await useBackend('reference')
  const norm = layerNorm(weight.length, { eps, affine: false })
  const [w, b] = [parameter(weight), parameter(bias)]
  const layer = defineLayer({
    name: 'given',
    children: { norm },
    forward: (x) => norm(x).mul(w).add(b),
  })
  const flat = [...(await layer(tensor(rows)).data())]
  await useBackend('auto')
  return rows.map((row, k) => flat.slice(k * row.length, (k + 1) * row.length))
}

interface StopRule {
  patience: number
  minDelta: number
}
type Stop = (losses: number[], rule: StopRule) => unknown

/** Counts the epochs without improvement, as Keras and Lightning do. */
const counting =
  ({
    better = (loss: number, best: number, minDelta: number) => loss < best - minDelta,
    resets = true,
    late = 0,
  } = {}): Stop =>
  (losses, { patience, minDelta }) => {
    let [best, loss, wait] = [-1, Number.POSITIVE_INFINITY, 0]
    for (const [epoch, value] of losses.entries()) {
      if (better(value, loss, minDelta)) {
        ;[best, loss] = [epoch, value]
        if (resets) wait = 0
      } else wait += 1
      if (wait >= patience + late) return { stop: epoch, best, loss }
    }
    return { stop: null, best, loss }
  }

const right: [string, string, Functions][] = [
  ['dropout', 'as the rule reads', { drop }],
  [
    'dropout',
    'a mask, multiplied: kept where u ≥ p, as a new list',
    {
      drop: ((x, u, { p, training }) => {
        if (!training) return Float64Array.from(x)
        const [keep, out] = [1 - p, []] as [number, number[]]
        for (let i = 0; i < x.length; i++) out.push((x[i]! * Number(u[i]! >= p)) / keep)
        return out
      }) satisfies Drop,
    },
  ],
  ['batch-norm', 'PyTorch: running variance by n − 1', { normalizeBatch: batch() }],
  ['batch-norm', 'Keras: running variance by n', { normalizeBatch: batch({ runningDivisor: 0 }) }],
  [
    'batch-norm',
    'a step towards the new value',
    { normalizeBatch: batch({ mix: (old, now, m) => old + m * (now - old) }) },
  ],
  ['batch-norm', "the library's own", { normalizeBatch: libraryBatch }],
  ['layer-norm', 'as the rule reads', { normalizeRows: rowNorm() }],
  ['layer-norm', "the library's own", { normalizeRows: libraryRows }],
  ['early-stopping', 'counts the epochs without improvement', { stopAt: counting() }],
  [
    'early-stopping',
    "the library's own",
    {
      stopAt: ((losses, rule) => {
        const stopping = earlyStopping(rule)
        for (const [epoch, value] of losses.entries()) {
          const { stop, best, bestStep } = stopping.observe(value)
          if (stop) return { stop: epoch, best: bestStep, loss: best }
          if (epoch === losses.length - 1) return { stop: null, best: bestStep, loss: best }
        }
        return undefined
      }) satisfies Stop,
    },
  ],
]

describe('right answers keep every point', () => {
  test.each(right)('%s: %s', async (id, _, functions) => {
    expect(await lostChecks(id, functions)).toEqual([])
  })
})

const max: Record<string, number> = {
  dropout: 8,
  'batch-norm': 7,
  'layer-norm': 5,
  'early-stopping': 6,
}

const wrong: [id: string, what: string, functions: Functions, lost: string[], points: number][] = [
  [
    'dropout',
    'never divides',
    {
      drop: ((x, u, { p, training }) =>
        x.map((v, i) => (training && u[i]! < p ? 0 : v))) satisfies Drop,
    },
    ['half', 'any-rate', 'mean-stays'],
    3,
  ],
  [
    'dropout',
    'the first paper: multiplies in evaluation',
    {
      drop: ((x, u, { p, training }) =>
        x.map((v, i) => (training ? (u[i]! < p ? 0 : v) : v * (1 - p)))) satisfies Drop,
    },
    ['evaluation', 'half', 'any-rate', 'mean-stays', 'evaluation-any'],
    1,
  ],
  [
    'dropout',
    'drops in evaluation too',
    { drop: ((x, u, { p }) => drop(x, u, { p, training: true })) satisfies Drop },
    ['evaluation', 'evaluation-any'],
    6,
  ],
  [
    'dropout',
    'p is the probability to stay',
    { drop: ((x, u, { p, ...rest }) => drop(x, u, { p: 1 - p, ...rest })) satisfies Drop },
    ['any-rate', 'zero-rate'],
    5,
  ],
  [
    'dropout',
    'u ≤ p',
    {
      drop: ((x, u, { p, training }) =>
        training ? x.map((v, i) => (u[i]! <= p ? 0 : v / (1 - p))) : x) satisfies Drop,
    },
    ['half', 'zero-rate'],
    5,
  ],
  [
    'batch-norm',
    'the batch statistics in evaluation too',
    { normalizeBatch: batch({ modes: false }) },
    ['evaluation', 'one-row'],
    5,
  ],
  [
    'batch-norm',
    'the running statistics never move',
    { normalizeBatch: batch({ keeps: true }) },
    ['running', 'any-momentum'],
    5,
  ],
  [
    'batch-norm',
    'ε beside the root',
    { normalizeBatch: batch({ root: (v, eps) => Math.sqrt(v) + eps }) },
    ['columns', 'any-batch', 'one-row'],
    3,
  ],
  [
    'batch-norm',
    'normalizes by n − 1',
    { normalizeBatch: batch({ divisor: 1 }) },
    ['columns', 'any-batch'],
    4,
  ],
  [
    'batch-norm',
    "Keras' momentum: the share of the old",
    { normalizeBatch: batch({ mix: (old, now, m) => m * old + (1 - m) * now }) },
    ['running', 'any-momentum'],
    5,
  ],
  [
    'batch-norm',
    'ε in the running variance',
    {
      normalizeBatch: ((rows, running, options) => {
        const found = batch()(rows, running, options) as Running
        const share = options.training ? options.momentum * options.eps : 0
        return { ...found, variance: found.variance.map((v) => v + share) }
      }) satisfies Batch,
    },
    ['running', 'any-momentum'],
    5,
  ],
  [
    'layer-norm',
    'by n − 1',
    { normalizeRows: rowNorm({ less: 1 }) },
    ['rows', 'scale-shift', 'any-rows'],
    1,
  ],
  [
    'layer-norm',
    'no ε',
    { normalizeRows: rowNorm({ root: (v) => Math.sqrt(v) }) },
    ['any-rows', 'equal-numbers'],
    2,
  ],
  [
    'layer-norm',
    'no weight and bias',
    { normalizeRows: rowNorm({ affine: (y) => y }) },
    ['scale-shift', 'any-rows', 'equal-numbers'],
    1,
  ],
  [
    'layer-norm',
    'batch norm: the columns',
    {
      normalizeRows: ((rows, { weight, bias, eps }) => {
        const columns = turned(rows)
        return rows.map((row) =>
          row.map((x, j) => {
            const [mean, variance] = [average(columns[j]!), varianceOf(columns[j]!)]
            return ((x - mean) / Math.sqrt(variance + eps)) * weight[j]! + bias[j]!
          }),
        )
      }) satisfies Rows,
    },
    ['rows', 'scale-shift', 'any-rows'],
    1,
  ],
  [
    'early-stopping',
    'one epoch late',
    { stopAt: counting({ late: 1 }) },
    ['stops', 'any-patience', 'not-a-number'],
    3,
  ],
  [
    'early-stopping',
    'never counts anew',
    { stopAt: counting({ resets: false }) },
    ['starts-anew', 'min-delta', 'not-a-number'],
    3,
  ],
  [
    'early-stopping',
    'no minDelta',
    { stopAt: counting({ better: (loss, best) => loss < best }) },
    ['min-delta'],
    5,
  ],
  [
    'early-stopping',
    'minDelta as a share of the best loss',
    { stopAt: counting({ better: (loss, best, d) => loss < best * (1 - d) }) },
    ['min-delta'],
    5,
  ],
  [
    'early-stopping',
    'an equal loss counts as an improvement',
    { stopAt: counting({ better: (loss, best, d) => best - loss >= d }) },
    ['stops'],
    5,
  ],
  [
    'early-stopping',
    'asks whether it is not worse: NaN becomes the best',
    { stopAt: counting({ better: (loss, best, d) => !(loss >= best - d) }) },
    ['not-a-number'],
    5,
  ],
  [
    'early-stopping',
    'looks at the whole list for the best',
    {
      stopAt: ((losses, rule) => {
        const found = counting()(losses, rule) as { stop: number | null }
        const loss = Math.min(...losses.filter((x) => !Number.isNaN(x)))
        return { ...found, best: losses.indexOf(loss), loss }
      }) satisfies Stop,
    },
    ['stops', 'any-patience', 'min-delta', 'not-a-number'],
    2,
  ],
]

describe('wrong answers lose the checks that test what is wrong', () => {
  test.each(wrong)('%s: %s', async (id, _, functions, lost, points) => {
    const names = await lostChecks(id, functions)
    expect(new Set(names)).toEqual(new Set(lost))
    expect(max[id]! - pointsFor(id, names)).toBe(points)
  })
  test.each(Object.keys(max))('%s: the stub, and what is no value at all', async (id) => {
    const names = ['drop', 'normalizeBatch', 'normalizeRows', 'stopAt']
    for (const answer of [() => undefined, () => '0', () => new Error('no')]) {
      const functions = Object.fromEntries(names.map((name) => [name, answer]))
      expect(pointsFor(id, await lostChecks(id, functions))).toBe(max[id])
    }
  })
})
