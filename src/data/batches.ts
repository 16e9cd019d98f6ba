import { checkedOptions, count, flag, period } from '../backend/options.js'
import { tensor } from '../nn/create.js'
import { permutation, seedOption, streams } from '../nn/random.js'
import type { Tensor } from '../nn/tensor.js'
import type { Dataset } from './dataset.js'

/** Options of `batches`. */
export interface BatchesOptions {
  /** Rows in a batch; the last may have fewer. */
  size?: number
  seed?: number
  /** Each epoch has an order of its own, which depends on the seed and this number alone. */
  epoch?: number
  /** False: the order of the data set. */
  shuffle?: boolean
  /** Leaves out a last batch that is smaller. */
  dropLast?: boolean
}

/** Some rows of a data set, on the backend in use. */
export interface Batch {
  /** Shape [rows, features]. */
  x: Tensor
  /** Shape [rows]; class numbers, or what was measured. */
  y: Tensor
}

/** The batches of one epoch: for `for … of`, as often as one likes. */
export interface Batches extends Iterable<Batch> {
  /** How many there are; `progress` knows it from here. */
  readonly length: number
}

const spec = {
  size: period(32),
  seed: { ...seedOption, default: 0 },
  epoch: count(0),
  shuffle: flag(true),
  dropLast: flag(false),
}

/**
 * The rows of a data set in batches, in a random order: each row once an epoch. The order is a function of (seed, epoch), by Philox
 * and whole numbers alone: a run that is resumed at an epoch sees what the first would have, on any machine.
 * Memory    A batch is made when it is asked for; when the next one is, it stays readable, outside of the backend's memory.
 * Tests     test/data/batches.test.ts
 * @throws RangeError for an option out of its range
 * @example const epoch = batches(spirals({ points: 50 }), { size: 32, seed: 1, epoch: 0 }); for (const { x, y } of progress(epoch)) x.mul(2); epoch.length   // 4
 */
export function batches(data: Pick<Dataset, 'x' | 'y'>, options: BatchesOptions = {}): Batches {
  const { size, seed, epoch, shuffle, dropLast } = checkedOptions('batches', spec, options)
  const rows = data.y.length
  const length = dropLast ? Math.floor(rows / size) : Math.ceil(rows / size)
  return {
    length,
    *[Symbol.iterator]() {
      const order = shuffle
        ? permutation(rows, { seed, step: epoch, stream: streams.order })
        : Uint32Array.from({ length: rows }, (_, k) => k)
      for (let k = 0; k < length; k++)
        yield* lent(batchOf(data, order.subarray(k * size, (k + 1) * size)))
    },
  }
}

/** Each lesson comes through here thousands of times: a counted loop takes a third less time than `entries` and `Float64Array.from`. */
function batchOf({ x, y }: Pick<Dataset, 'x' | 'y'>, rows: Uint32Array): Batch {
  const width = x[0]?.length ?? 0
  const values = new Float64Array(rows.length * width)
  const targets = new Float64Array(rows.length)
  for (let k = 0; k < rows.length; k++) {
    values.set(x[rows[k]!]!, k * width)
    targets[k] = y[rows[k]!]!
  }
  return { x: tensor(values, { shape: [rows.length, width] }), y: tensor(targets) }
}

/** Gives a batch away. A loop without a pause never lets the garbage collector free a backend's memory: we do, unless a graph still needs it. */
function* lent(batch: Batch): Generator<Batch, void> {
  try {
    yield batch
  } finally {
    for (const { backend, free } of [batch.x, batch.y]) if (free) backend.park(free)
  }
}
