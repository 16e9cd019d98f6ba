import type { Batch } from '../data/batches.js'
import { batches } from '../data/batches.js'
import { Dataset } from '../data/dataset.js'
import { Tensor } from '../nn/tensor.js'

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
  return typeof data === 'function' ? asked(data, epoch) : batches(data, { size, seed, epoch })
}

/** @throws TypeError for what is no list: a promise, a single batch … */
function asked(data: (epoch: number) => Iterable<Batch>, epoch: number): Iterable<Batch> {
  const all = data(epoch)
  if (typeof all?.[Symbol.iterator] === 'function') return all
  throw new TypeError(
    `batches: the function of epoch ${epoch} must give a list of batches, or a generator, got ${(all as unknown) instanceof Promise ? 'a promise; load the data first' : typeof all}`,
  )
}

/** The batches of a data set in its own order. */
export const inOrder = (data: TrainingData, size: number): Iterable<Batch> =>
  typeof data === 'function' ? asked(data, 0) : batches(data, { size, shuffle: false })

/** @throws TypeError for what is no batch: a function of one's own may give anything */
export function rowsOf(batch: Batch): number {
  if (!(batch?.x instanceof Tensor && batch.y instanceof Tensor))
    throw new TypeError(
      `batches: each must be { x, y }, two tensors, got ${batch?.x ? '{ x, y } of something else' : typeof batch}; tensor([…]) makes one of a list`,
    )
  return batch.x.shape[0] ?? 1
}

/** Batches whose gradients are added before a step. */
interface StepBatches {
  /** To be gone through once. */
  batches: Iterable<Batch>
  /** Of all of them. */
  rows: number
}

/** `count` batches a step; the last step of an epoch may have fewer. The first `skipped` steps are left out: they were done before. */
export function* stepsOf(
  data: TrainingData,
  epoch: number,
  { count, skipped, ...cut }: Cut & { count: number; skipped: number },
): Generator<StepBatches, void> {
  const all = epochOf(data, epoch, cut)
  const steps =
    typeof data === 'function' ? collected(all, count) : cutBefore(all, data, cut.size * count)
  let done = 0
  for (const step of steps) {
    done += 1
    if (done > skipped) yield step
    else for (const _ of step.batches);
  }
}

/** How many rows a step has is known before its batches are made: each is used while it is lent. */
function* cutBefore(
  all: Iterable<Batch>,
  { length }: Dataset,
  rows: number,
): Generator<StepBatches> {
  const iterator = all[Symbol.iterator]()
  const next = function* (count: number) {
    for (let left = count; left > 0; ) {
      const { value, done } = iterator.next()
      if (done) return
      left -= rowsOf(value)
      yield value
    }
  }
  try {
    for (let at = 0; at < length; at += rows) {
      const here = Math.min(rows, length - at)
      yield { batches: next(here), rows: here }
    }
  } finally {
    iterator.return?.()
  }
}

/** Batches of one's own say how many rows they have when they are there. */
function* collected(all: Iterable<Batch>, count: number): Generator<StepBatches> {
  let batches: Batch[] = []
  const step = () => ({ batches, rows: batches.reduce((sum, batch) => sum + rowsOf(batch), 0) })
  for (const batch of all) {
    batches.push(batch)
    if (batches.length < count) continue
    yield step()
    batches = []
  }
  if (batches.length > 0) yield step()
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
