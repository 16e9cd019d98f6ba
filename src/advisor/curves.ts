import type { EpochRecord } from '../training/epochRecord.js'
import type { Stopped } from '../training/history.js'
import { about } from './advice.js'
import type { Symptom } from './symptoms.js'

/** What `diagnose` needs of an epoch: a row of a `History`, or one from elsewhere that has fewer columns. */
export type HistoryRow = Pick<EpochRecord, 'epoch' | 'trainLoss'> & Partial<EpochRecord>

/** A `History`, or its rows. */
export type RunLike =
  | { readonly rows: readonly HistoryRow[]; readonly stopped?: Stopped | undefined }
  | readonly HistoryRow[]

/** A symptom, and the numbers in which it shows. */
export interface SeenSymptom {
  readonly symptom: Symptom
  readonly seen: string
}

/** What the two kinds have in common. */
export const rowsIn = (run: RunLike): readonly HistoryRow[] => ('rows' in run ? run.rows : run)

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0)
const given = (values: readonly (number | undefined)[]): number[] =>
  values.filter((value): value is number => Number.isFinite(value))

/** A loss from its first to its last epoch, in the few numbers that rules compare. */
function shapeOf(losses: readonly number[]) {
  const steps = losses.slice(1).map((loss, k) => loss - losses[k]!)
  const rises = steps.filter((step) => step > 0)
  const turns = steps.filter((step, k) => k > 0 && step * steps[k - 1]! < 0).length
  const [first, last, best] = [losses[0]!, losses.at(-1)!, Math.min(...losses)]
  const middle = losses[Math.floor(losses.length / 2)]!
  return {
    ...{ length: losses.length, first, last, best, middle, usual: median(losses) },
    rise: sum(rises),
    fall: -sum(steps.filter((step) => step < 0)),
    meanRise: rises.length > 0 ? sum(rises) / rises.length : 0,
    /** Epochs up to the last in which it only rose. */
    climb: steps.length - 1 - steps.findLastIndex((step) => step <= 0),
    /** The share of epochs after which the loss goes the other way. */
    turning: steps.length > 1 ? turns / (steps.length - 1) : 0,
  }
}

type Shape = ReturnType<typeof shapeOf>

// Each limit is a choice of ours, made on curves that have the fault and curves that have not (test/advisor/diagnose.test.ts).
const oscillates = ({ length, turning, rise, fall, meanRise, usual }: Shape, least = 0.05) =>
  length >= 5 && turning >= 0.4 && rise >= 0.4 * fall && meanRise >= least * usual
const diverges = ({ length, first, last, best, climb }: Shape): boolean => {
  const lost = last > 1.5 * best && last - best >= 0.25 * Math.abs(first - best)
  return length >= 3 && (lost || (climb >= 3 && last > 2 * best && last > 0.05 * first))
}
const stays = ({ length, first, best, last }: Shape): boolean =>
  length >= 3 && first - best < 0.03 * Math.abs(first) && last < 1.5 * best
const isSlow = ({ length, first, last, middle, turning }: Shape): boolean =>
  length >= 5 &&
  turning <= 0.25 &&
  first - last >= 0.01 * first &&
  first - last <= 0.3 * first &&
  middle - last >= 0.3 * (first - last)

function lossSymptoms(rows: readonly HistoryRow[]): SeenSymptom[] {
  const losses = given(rows.map(({ trainLoss }) => trainLoss))
  if (losses.length === 0) return []
  const shape = shapeOf(losses)
  const { first, last, best, turning } = shape
  const found: SeenSymptom[] = []
  const add = (symptom: Symptom, seen: string) => found.push({ symptom, seen })
  const validation = given(rows.map(({ validationLoss }) => validationLoss))
  const which = oscillates(shape)
    ? { name: 'training', turning }
    : validation.length > 0 && oscillates(shapeOf(validation), 0.1)
      ? { name: 'validation', turning: shapeOf(validation).turning }
      : undefined
  if (which) {
    const percent = Math.round(100 * which.turning)
    add('oscillating', `the ${which.name} loss turned after ${percent} % of the epochs`)
  } else if (diverges(shape)) add('diverging', `from ${about(best)} at best to ${about(last)}`)
  // A loss that falls little, but goes on falling, is slow; one that fell a little at first and then stays is stuck.
  else if (isSlow(shape))
    add(
      'slow',
      `from ${about(first)} to ${about(last)} in ${shape.length} epochs, and still falling`,
    )
  else if (stays(shape)) add('not-decreasing', `${about(first)} at first, ${about(best)} at best`)
  return found
}

function overfits(rows: readonly HistoryRow[]): SeenSymptom[] {
  const both = rows.filter(
    (row) => Number.isFinite(row.validationLoss) && Number.isFinite(row.trainLoss),
  )
  if (both.length < 4) return []
  const losses = both.map(({ validationLoss }) => validationLoss!)
  const at = losses.indexOf(Math.min(...losses))
  const late = losses.slice(Math.max(at + 1, losses.length - Math.ceil(losses.length / 3)))
  const [best, last] = [both[at]!, both.at(-1)!]
  const worse = late.length >= 2 && sum(late) / late.length > 1.05 * losses[at]!
  if (!worse || last.trainLoss >= 0.99 * best.trainLoss) return []
  const seen = `validation ${about(losses[at]!)} in epoch ${best.epoch}, then ${about(losses.at(-1)!)}; training ${about(best.trainLoss)}, then ${about(last.trainLoss)}`
  return [{ symptom: 'overfitting', seen }]
}

function gradientSymptoms(rows: readonly HistoryRow[]): SeenSymptom[] {
  const found: SeenSymptom[] = []
  const norms = given(rows.map(({ gradientNorm }) => gradientNorm))
  const largest = Math.max(
    0,
    ...given(rows.map(({ maxGradientNorm }) => maxGradientNorm)),
    ...norms,
  )
  const usual = median(norms)
  if ((largest > 10 * usual && largest > 10) || usual > 10)
    found.push({
      symptom: 'exploding',
      seen: `the largest norm was ${about(largest)}, the usual one ${about(usual)}`,
    })
  const [first, last] = [rows[0]?.trainLoss, rows.at(-1)?.trainLoss]
  if (usual < 1e-3 && last !== undefined && last > 0.5 * (first ?? 0))
    found.push({ symptom: 'vanishing', seen: `the usual norm was ${about(usual)}` })
  const clipped = given(rows.map((row) => row.clipped))
  const share = sum(clipped) / clipped.length
  if (share >= 0.9)
    found.push({
      symptom: 'clips-every-step',
      seen: `${Math.round(100 * share)} % of the steps were clipped`,
    })
  return found
}

function notFinite(run: RunLike): SeenSymptom[] {
  const stopped = 'rows' in run ? run.stopped : undefined
  if (stopped?.why === 'nonFinite')
    return [{ symptom: 'not-finite', seen: `at step ${stopped.step}, in epoch ${stopped.epoch}` }]
  const row = rowsIn(run).find((one) => !Number.isFinite(one.trainLoss) || (one.skipped ?? 0) > 0)
  return row ? [{ symptom: 'not-finite', seen: `in epoch ${row.epoch}` }] : []
}

/** All that shows in the curves. */
export function symptomsIn(run: RunLike): SeenSymptom[] {
  const rows = rowsIn(run)
  return [...notFinite(run), ...lossSymptoms(rows), ...gradientSymptoms(rows), ...overfits(rows)]
}

/** Curves that belong side by side, and are not there. */
export function unseenIn(run: RunLike): string[] {
  const rows = rowsIn(run)
  if (rows.length === 0) return []
  const columns: [string, (row: HistoryRow) => boolean][] = [
    ['train loss', ({ trainLoss }) => trainLoss !== undefined],
    ['validation loss', ({ validationLoss }) => validationLoss !== undefined],
    ['validation metric', ({ metrics = {} }) => Object.keys(metrics).length > 0],
    ['learning rate', ({ lr = [] }) => lr.length > 0],
  ]
  return columns.filter(([, has]) => !rows.some(has)).map(([name]) => name)
}
