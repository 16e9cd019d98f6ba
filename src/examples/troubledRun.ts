import type { TrainingRecipe } from '../advisor/recipe.js'
import { checkNames, checkOption, choice } from '../backend/options.js'
import { seededRandom } from '../checks/random.js'
import { Dataset } from '../data/dataset.js'
import { digits } from '../data/digits.js'
import { split } from '../data/split.js'
import { standardize } from '../data/standardize.js'
import { heUniform } from '../nn/init.js'
import { relu, sigmoid } from '../nn/layers/activations.js'
import { sequential } from '../nn/layers/sequential.js'
import { linear } from '../nn/linear.js'
import { initialize } from '../nn/seed.js'
import type { Tensor } from '../nn/tensor.js'
import { adam } from '../optimizers/adam.js'
import { rmsprop } from '../optimizers/rmsprop.js'
import { sgd } from '../optimizers/sgd.js'
import { evaluate } from '../training/evaluate.js'
import { fit } from '../training/fit.js'
import type { History } from '../training/history.js'
import { accuracy } from '../training/metrics.js'
import type { StopOptions } from '../training/options.js'

/** What can be changed in one of the runs. */
export interface TroubledRun {
  optimizer?: 'sgd' | 'momentum' | 'adam' | 'rmsprop'
  lr?: number
  batchSize?: number
  /** Units of each layer but the last. */
  hidden?: readonly number[]
  /** relu comes with first weights by He, sigmoid with the usual ones. */
  activation?: 'relu' | 'sigmoid'
  /** Digits to train on; the first so many. */
  rows?: number
  /** The share of the labels that is drawn by lot. */
  noise?: number
  epochs?: number
  clip?: number
  earlyStopping?: StopOptions
  /** Of the split, the first weights and the order. */
  seed?: number
}

/** What a run was like. */
export interface TroubledResult {
  readonly history: History
  /** At the end, both in evaluate mode. */
  readonly accuracy: { readonly train: number; readonly validation: number }
  /** How it was trained, for `lint` and `diagnose`. */
  readonly recipe: TrainingRecipe
}

const healthy = {
  optimizer: 'sgd',
  lr: 0.1,
  batchSize: 32,
  hidden: [32],
  activation: 'relu',
  rows: 400,
  noise: 0,
  epochs: 20,
} as const

/** Of each run only what is its own; six kinds of trouble, in no order. */
const troubles = {
  A: { optimizer: 'adam', lr: 0.1, batchSize: 8, epochs: 12 },
  B: { lr: 0.003 },
  C: { optimizer: 'adam', lr: 0.01, hidden: [64], rows: 200, noise: 0.2 },
  D: { optimizer: 'momentum', lr: 10 },
  E: { optimizer: 'adam', lr: 0.01, hidden: [2], activation: 'sigmoid' },
  F: { hidden: [32, 32, 32, 32, 32], activation: 'sigmoid' },
} as const satisfies Readonly<Record<string, TroubledRun>>

/** One of the six runs. */
export type TroubledName = keyof typeof troubles

const makers = {
  sgd: (params: readonly Tensor[], lr: number) => sgd(params, { lr }),
  momentum: (params: readonly Tensor[], lr: number) => sgd(params, { lr, momentum: 0.9 }),
  adam: (params: readonly Tensor[], lr: number) => adam(params, { lr }),
  rmsprop: (params: readonly Tensor[], lr: number) => rmsprop(params, { lr }),
}

async function dataOf({ rows, noise, seed }: { rows: number; noise: number; seed: number }) {
  const parts = split(await digits(), { train: 400, validation: 400, seed })
  const random = seededRandom(seed)
  const lot = (label: number) => (random() < noise ? Math.floor(10 * random()) : label)
  const noisy = new Dataset({ ...parts.train, y: parts.train.y.map(lot) })
  const { sets } = standardize(noisy, parts.validation)
  const [train, validation] = sets as [Dataset, Dataset]
  return { train: train.rows(Array.from({ length: rows }, (_, k) => k)), validation }
}

/**
 * Trains one of six networks on digits, A to F, each with something wrong in its recipe; what is changed is trained instead. For telling what is wrong by
 * the curves (lesson 13), and for trying out what mends it.
 * Tests     test/examples/troubledRun.test.ts
 * @throws RangeError for another name, or an option out of its range
 * @example
 * const { history } = await troubledRun('B', { epochs: 2 })
 * history.column('lr') // [0.003, 0.003]
 */
export async function troubledRun(
  name: TroubledName,
  changes: TroubledRun = {},
): Promise<TroubledResult> {
  checkOption('troubledRun', 'name', choice('A', 'B', 'C', 'D', 'E', 'F'), name)
  checkNames('troubledRun', { ...healthy, seed: 1, clip: 1, earlyStopping: 1 }, changes)
  const { seed = 1, clip, earlyStopping, ...recipe } = { ...healthy, ...troubles[name], ...changes }
  const { optimizer, lr, batchSize, hidden, activation, epochs, rows, noise } = recipe
  checkOption('troubledRun', 'optimizer', choice('sgd', 'momentum', 'adam', 'rmsprop'), optimizer)
  checkOption('troubledRun', 'activation', choice('relu', 'sigmoid'), activation)
  const { train, validation } = await dataOf({ rows, noise, seed })
  const widths = [64, ...hidden]
  const model = sequential(
    ...hidden.flatMap((units, k) => [
      ...(activation === 'relu'
        ? [linear(widths[k]!, units, { init: heUniform() }), relu()]
        : [linear(widths[k]!, units), sigmoid()]),
    ]),
    linear(widths.at(-1)!, 10),
  )
  initialize(model, { seed })
  const history = await fit(model, {
    ...{ train, validation, epochs, batchSize, seed, metrics: { accuracy }, progress: false },
    optimizer: makers[optimizer](model.parameters(), lr),
    ...(clip !== undefined && { clip }),
    ...(earlyStopping !== undefined && { earlyStopping }),
  })
  const share = async (data: Dataset) =>
    (await evaluate(model, data, { metrics: { accuracy } })).metrics.accuracy!
  return {
    history,
    accuracy: { train: await share(train), validation: await share(validation) },
    recipe: {
      ...{ model: 'mlp', batchSize, lr, epochs, precision: 'float32' },
      optimizer: optimizer === 'momentum' ? 'sgd' : optimizer,
      ...(optimizer === 'momentum' && { momentum: 0.9 }),
      ...(clip !== undefined && { clip }),
    },
  }
}
