import { checkNames, checkOption, count, nonNegative, period } from '../backend/options.js'
import type { ClipGradNorm } from '../clipping/clipGradNorm.js'
import { seedOption } from '../nn/random.js'
import type { Tensor } from '../nn/tensor.js'
import { WeightAverage } from '../regularizers/average.js'
import type { EarlyStoppingOptions } from '../regularizers/earlyStopping.js'
import type { GradientNoise } from '../regularizers/gradientNoise.js'
import type { Plateau } from '../schedules/reduceOnPlateau.js'
import { checkData, type TrainingData } from './data.js'
import type { Column, EpochRecord } from './epochRecord.js'
import type { History } from './history.js'
import { defaultLoss, type Loss } from './loss.js'
import { checkMetrics, type Metric } from './metrics.js'
import { checkModel, type Model } from './model.js'
import type { CheckpointStore } from './store.js'
import { checkAllInModel, checkOptimizer, type Trainable } from './trainable.js'

/** Where a run is kept while it lasts, and how often. */
export interface CheckpointOptions {
  /** A file, in Node. */
  path?: string
  /** What keeps it where there are no files. */
  store?: CheckpointStore
  /** Its name in the store. Default 'downhill'. */
  key?: string
  /** After every how many epochs. Default 1. */
  every?: number
  /** Also within an epoch, after every how many steps. Default: not. */
  everySteps?: number
}

/** When to stop before the last epoch. */
export interface StopOptions extends EarlyStoppingOptions {
  /** The column that is watched. Default: `monitor` of `fit`. */
  monitor?: Column
}

/** Options of `fit`. */
export interface FitOptions {
  train: TrainingData
  /** Measured after each epoch, in evaluate mode, without recording. */
  validation?: TrainingData
  /** The mean loss of a batch. Default: `crossEntropy` for a data set with classes, else `mse`. */
  loss?: Loss
  /** Made for the parameters of the model, or for some of them: norms and clipping leave out the others. Its schedules count its steps. */
  optimizer: Trainable
  epochs: number
  /** Rows in a batch. Default 32. */
  batchSize?: number
  /** Of the order of the rows, another one each epoch. Default 0. */
  seed?: number
  /** Clips the gradients' common norm: a limit, or the limit with the options of `clipGradNorm`. */
  clip?: number | ({ limit: number } & ClipGradNorm)
  /** Batches whose gradients are added before a step, which is then that of one batch as large as all of them. Default 1. */
  accumulate?: number
  /** What is measured on the validation set besides the loss: `{ accuracy }`. */
  metrics?: Readonly<Record<string, Metric>>
  /** The column that early stopping and `reduceOnPlateau` watch. Default: `validationLoss`, without a validation set `trainLoss`. */
  monitor?: Column
  earlyStopping?: StopOptions
  /** Is added to the loss: `(model) => l2Penalty(model.parameters(), 1e-4)`. */
  penalty?: (model: Model) => Tensor
  /** `ema(…)` or `swa(…)` of the model's parameters: updated after each step, measured and left in the model in place of the weights that train. Running statistics of batch norm are those of the latter: see `updateBatchNorm`. */
  average?: WeightAverage
  /** Noise on the gradients, after clipping. */
  gradientNoise?: GradientNoise
  /** `stagedUnfreeze(…)`: called before each epoch, from 0. */
  stages?: (epoch: number) => number
  /** A `reduceOnPlateau` inside another schedule, which `fit` would not find; those that are an option of a group it finds itself. */
  plateau?: Plateau
  /** Called after each epoch. */
  onEpoch?: (row: EpochRecord, history: History) => void | Promise<void>
  /** Keeps all that the run needs to go on after it was ended, however that was. */
  checkpoint?: CheckpointOptions
  /** Goes on from the checkpoint, if there is one. Default false: it is written over. */
  resume?: boolean
  /** Shows a bar with the time left, and in a notebook the curves while they grow. Default true. */
  progress?: boolean
  /** Shows, once a cell, what `lint` finds in these options. Default: as `progress`. */
  lint?: boolean
  /** Ends the run between two steps; the checkpoint then says where it was. */
  signal?: AbortSignal
}

type Name = keyof FitOptions

const counts = {
  epochs: period(),
  batchSize: period(),
  accumulate: period(),
  seed: seedOption,
} as const

const names: Readonly<Record<Name, true>> = {
  train: true,
  validation: true,
  loss: true,
  optimizer: true,
  epochs: true,
  batchSize: true,
  seed: true,
  clip: true,
  accumulate: true,
  metrics: true,
  monitor: true,
  earlyStopping: true,
  penalty: true,
  average: true,
  gradientNoise: true,
  stages: true,
  plateau: true,
  onEpoch: true,
  checkpoint: true,
  resume: true,
  progress: true,
  lint: true,
  signal: true,
}

/** The names that `fit` takes. */
export const fitNames = names

/** The options with their defaults, checked before anything is computed. */
export interface Fit extends FitOptions {
  loss: Loss
  batchSize: number
  seed: number
  accumulate: number
  metrics: Readonly<Record<string, Metric>>
  monitor: Column
}

export function checkFit(model: Model, given: FitOptions): Fit {
  checkNames('fit', names, given)
  checkModel('fit', model)
  checkData('fit', 'train', given.train)
  if (given.validation !== undefined) checkData('fit', 'validation', given.validation)
  checkOptimizer('fit', given.optimizer, model)
  checkParts(model, given)
  const fit: Fit = {
    ...given,
    loss: given.loss ?? defaultLoss('fit', given.train),
    batchSize: given.batchSize ?? 32,
    seed: given.seed ?? 0,
    accumulate: given.accumulate ?? 1,
    metrics: given.metrics ?? {},
    monitor: given.monitor ?? (given.validation ? 'validationLoss' : 'trainLoss'),
  }
  for (const [name, option] of Object.entries(counts))
    checkOption('fit', name, option, fit[name as keyof typeof counts])
  const limit = typeof given.clip === 'object' && given.clip ? given.clip.limit : given.clip
  if (given.clip !== undefined && limit !== Number.POSITIVE_INFINITY)
    checkOption('fit', 'the limit of clip', nonNegative(), limit)
  for (const name of [fit.monitor, fit.earlyStopping?.monitor ?? fit.monitor])
    checkMonitor(name, fit)
  checkCheckpoint(fit)
  return fit
}

/** What else the loop calls. */
function checkParts(model: Model, given: FitOptions): void {
  for (const name of ['loss', 'penalty', 'stages', 'onEpoch'] as const)
    if (given[name] !== undefined && typeof given[name] !== 'function')
      throw new TypeError(`fit: ${name} must be a function, got ${typeof given[name]}`)
  if (given.metrics !== undefined) checkMetrics('fit', given.metrics)
  const { average, checkpoint, earlyStopping, optimizer } = given
  if (checkpoint) checkAllInModel('fit', 'a checkpoint keeps', optimizer, model)
  if (earlyStopping?.restoreBest) checkAllInModel('fit', 'restoreBest keeps', optimizer, model)
  if (average === undefined) return
  const own = new Set(model.parameters())
  if (!(average instanceof WeightAverage) || !average.params.some((param) => own.has(param)))
    throw new TypeError(
      'fit: average must be one of the parameters of this model: ema(model.parameters())',
    )
}

/** The columns that can be watched. */
function checkMonitor(name: Column, { validation, metrics }: Fit): void {
  const there = [
    'trainLoss',
    ...(validation ? ['validationLoss'] : []),
    ...Object.keys(metrics),
    'gradientNorm',
    'maxGradientNorm',
  ]
  if (!there.includes(name))
    throw new RangeError(
      `fit: monitor must be ${there.slice(0, -1).join(', ')} or ${there.at(-1)}, got "${name}"${name === 'validationLoss' ? '; there is no validation set' : ''}`,
    )
}

function checkCheckpoint({ checkpoint, resume }: Fit): void {
  if (resume && !checkpoint)
    throw new TypeError('fit: resume needs a checkpoint: { path } to go on from')
  if (!checkpoint) return
  const { path, store, every = 1, everySteps = 1, ...rest } = checkpoint
  checkNames('fit: checkpoint', { path, store, every, everySteps, key: 1 }, checkpoint)
  checkOption('fit', 'every of checkpoint', period(), every)
  checkOption('fit', 'everySteps of checkpoint', count(), everySteps)
  if ((path === undefined) === (store === undefined) || (rest.key !== undefined && path))
    throw new TypeError('fit: checkpoint needs either a path, or a store and its key')
  if (store && !(typeof store.get === 'function' && typeof store.set === 'function'))
    throw new TypeError('fit: the store of checkpoint must have get(key) and set(key, bytes)')
}

/** Whether more of a column is better, as far as its name tells. */
export function knownMode(column: Column): 'min' | 'max' | undefined {
  if (column === 'accuracy') return 'max'
  return /Loss$|Norm$/.test(column) ? 'min' : undefined
}

/** As `knownMode`, or as somebody says. */
export function bestMode(owner: string, column: Column, mode?: 'min' | 'max'): 'min' | 'max' {
  const found = mode ?? knownMode(column)
  if (found) return found
  throw new TypeError(
    `${owner}: it watches "${column}"; say whether more of it is better: mode: 'max', or 'min'`,
  )
}
