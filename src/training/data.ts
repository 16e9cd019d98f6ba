import type { Batch } from '../data/batches.js'
import { batches } from '../data/batches.js'
import { Dataset } from '../data/dataset.js'

/**
 * What is trained on: a data set, whose rows are taken in batches, in an order that depends on the seed and the epoch; or a function that gives the
 * batches of an epoch (from 0), which must give the same ones each time that it is asked.
 */
export type TrainingData = Dataset | ((epoch: number) => Iterable<Batch>)

/** How a data set is cut. */
export interface Cut {
  size: number
  seed: number
}

/** The batches of an epoch, and how many there are where that is known. */
export function epochOf(
  data: TrainingData,
  epoch: number,
  { size, seed }: Cut,
): Iterable<Batch> & { readonly length?: number } {
  return typeof data === 'function' ? data(epoch) : batches(data, { size, seed, epoch })
}

/** The batches of a data set in its own order. */
export const inOrder = (data: TrainingData, size: number): Iterable<Batch> =>
  typeof data === 'function' ? data(0) : batches(data, { size, shuffle: false })

export const rowsOf = ({ x }: Batch): number => x.shape[0] ?? 1

/** Batches whose gradients are added before a step. */
export interface StepBatches {
  batches: Batch[]
  rows: number
}

/** `count` batches a step; the last step of an epoch may have fewer. The first `skipped` steps are left out: they were done before. */
export function* stepsOf(
  all: Iterable<Batch>,
  count: number,
  skipped: number,
): Generator<StepBatches, void> {
  let done = 0
  let waiting: Batch[] = []
  const take = function* () {
    const rows = waiting.reduce((sum, batch) => sum + rowsOf(batch), 0)
    done += 1
    if (done > skipped) yield { batches: waiting, rows }
    waiting = []
  }
  for (const batch of all) {
    waiting.push(batch)
    if (waiting.length === count) yield* take()
  }
  if (waiting.length > 0) yield* take()
}

/** Refuses what has no batches. */
export function checkData(owner: string, name: string, data: TrainingData): void {
  if (typeof data === 'function') return
  if (!(data instanceof Dataset))
    throw new TypeError(
      `${owner}: ${name} must be a Dataset (new Dataset({ x, y, classes })) or a function that gives the batches of an epoch, got ${typeof data}`,
    )
  if (data.length === 0) throw new RangeError(`${owner}: ${name} has no rows`)
}
