import { recipeOfFit } from '../advisor/lintFit.js'
import type { TrainingRecipe } from '../advisor/recipe.js'
import { checkNames, checkOption, period, type Schedule } from '../backend/options.js'
import { seededRandom } from '../checks/random.js'
import { batches } from '../data/batches.js'
import { Dataset } from '../data/dataset.js'
import { heUniform, xavierUniform } from '../nn/init.js'
import type { Layer } from '../nn/layer.js'
import { gelu, relu, sigmoid, silu, tanh } from '../nn/layers/activations.js'
import { batchNorm } from '../nn/layers/batchNorm.js'
import { dropout } from '../nn/layers/dropout.js'
import { layerNorm } from '../nn/layers/layerNorm.js'
import { sequential } from '../nn/layers/sequential.js'
import { linear } from '../nn/linear.js'
import { crossEntropy } from '../nn/losses/crossEntropy.js'
import { seedOption } from '../nn/random.js'
import { initialize } from '../nn/seed.js'
import { adagrad } from '../optimizers/adagrad.js'
import { adam } from '../optimizers/adam.js'
import { adamw } from '../optimizers/adamw.js'
import { lamb } from '../optimizers/lamb.js'
import { lion } from '../optimizers/lion.js'
import { nadam } from '../optimizers/nadam.js'
import { noDecayGroups } from '../optimizers/noDecayGroups.js'
import { radam } from '../optimizers/radam.js'
import { rmsprop } from '../optimizers/rmsprop.js'
import { sgd } from '../optimizers/sgd.js'
import { ema } from '../regularizers/ema.js'
import { swa } from '../regularizers/swa.js'
import { warmup as warmupOnly } from '../schedules/warmup.js'
import { warmupCosine } from '../schedules/warmupCosine.js'
import { warmupLinear } from '../schedules/warmupLinear.js'
import { predict } from '../training/evaluate.js'
import { fit } from '../training/fit.js'
import type { History } from '../training/history.js'
import { accuracy, classOf } from '../training/metrics.js'
import type { Trainable } from '../training/trainable.js'
import { digitAugmentations } from './augmentDigits.js'
import type { DigitsRecipe, FullRecipe } from './digitsFields.js'
import { checkDigitsRecipe } from './digitsRecipe.js'
import { ownOptimizer } from './ownRule.js'

/** The final project (lessons/project-digits): how the digits are split, and the budget. The rest of the digits judges. */
export const digitsProject = {
  /** Rows to learn from. */
  train: 300,
  /** Rows for the curves and for stopping. */
  validation: 400,
  /** The budget: rows that may be trained on, those of all epochs together. */
  rows: 12_000,
} as const

/** What `trainRecipe` is given beside the recipe. */
export interface TrainRecipeOptions {
  /** Digits as `digits()` gives them, from 0 to 16: what is learned from. */
  train: Dataset
  /** Others, for the curves and for stopping. */
  validation: Dataset
  /** Of the first weights, the order, dropout and augmentation. */
  seed: number
  /** The budget: how many rows may be trained on, those of all epochs together. Default: no limit. */
  rows?: number
}

/** What became of a recipe. */
export interface TrainedRecipe {
  readonly history: History
  /** Rows that were trained on, those of all epochs together. */
  readonly rows: number
  /** How it was trained, as it was: for `lint` and `diagnose`. */
  readonly recipe: TrainingRecipe
  /** The digit that the network reads in each picture; −1 where it gives NaN. */
  predict(data: Dataset): Promise<number[]>
  /** The share of pictures that it reads rightly. */
  accuracy(data: Dataset): Promise<number>
}

const activations = { relu, gelu, silu, tanh, sigmoid }

function networkOf({ hidden, activation, norm, dropout: p }: FullRecipe): Layer {
  const init = ['tanh', 'sigmoid'].includes(activation) ? xavierUniform() : heUniform()
  const widths = [64, ...hidden]
  return sequential(
    ...hidden.flatMap((units, k) => [
      linear(widths[k]!, units, { init }),
      ...(norm === 'batch' ? [batchNorm(units)] : norm === 'layer' ? [layerNorm(units)] : []),
      activations[activation](),
      ...(p > 0 ? [dropout(p)] : []),
    ]),
    linear(widths.at(-1)!, 10),
  )
}

function rateOf({ lr, schedule, warmup: share }: FullRecipe, total: number): number | Schedule {
  const warmup = Math.min(total - 1, Math.round(share * total))
  if (schedule === 'cosine') return warmupCosine({ peak: lr, warmup, total })
  if (schedule === 'linear') return warmupLinear({ peak: lr, warmup, total })
  return warmup > 0 ? warmupOnly({ peak: lr, warmup }) : lr
}

function optimizerOf(recipe: FullRecipe, model: Layer, lr: number | Schedule): Trainable {
  const { weightDecay, momentum, nesterov, beta1, beta2, eps } = recipe
  // One group where nothing decays: the history then shows one learning rate.
  const params = model.parameters()
  const groups =
    weightDecay > 0 ? noDecayGroups(params, { weightDecay }).groups : [{ params, weightDecay }]
  switch (recipe.optimizer) {
    case 'sgd':
      return sgd(groups, { lr, momentum, nesterov })
    case 'rmsprop':
      return rmsprop(groups, { lr, momentum, nesterov, eps })
    case 'adagrad':
      return adagrad(groups, { lr, eps })
    case 'adam':
      return adam(groups, { lr, beta1, beta2, eps })
    case 'adamw':
      return adamw(groups, { lr, beta1, beta2, eps })
    case 'nadam':
      return nadam(groups, { lr, beta1, beta2, eps })
    case 'radam':
      return radam(groups, { lr, beta1, beta2, eps })
    case 'lion':
      return lion(groups, { lr, beta1, beta2 })
    case 'lamb':
      return lamb(groups, { lr, beta1, beta2, eps })
    case 'own':
      return ownOptimizer(recipe.rule)(groups, { lr, momentum, beta1, beta2, eps })
  }
}

/** From 0 … 16 to −1 … 1. */
const scaled = (data: Dataset, change: (row: readonly number[]) => readonly number[]): Dataset =>
  new Dataset({ ...data, x: data.x.map((row) => change(row).map((ink) => ink / 8 - 1)) })
const asItIs = (data: Dataset): Dataset => scaled(data, (row) => row)

/** What each epoch learns from: the same rows, or the pictures changed anew. */
function epochsOf(train: Dataset, { augment }: FullRecipe, seed: number) {
  const still = asItIs(train)
  if (augment === 'none') return () => still
  return (epoch: number): Dataset => {
    const random = seededRandom(10_007 * seed + epoch)
    return scaled(train, (row) => digitAugmentations[augment](row, random))
  }
}

function checkDigits(name: string, data: unknown): void {
  const fits =
    data instanceof Dataset &&
    data.length > 0 &&
    data.features.length === 64 &&
    data.classes.length === 10
  if (!fits)
    throw new TypeError(
      `trainRecipe: ${name} must be digits, 64 pixels and ten classes, such as split(await digits(), …) gives`,
    )
}

function averageOf({ average, averageDecay }: FullRecipe, model: Layer, steps: number) {
  if (average === 'ema') return ema(model.parameters(), { decay: averageDecay })
  return average === 'swa'
    ? swa(model.parameters(), { start: Math.floor(0.75 * steps) })
    : undefined
}

/**
 * Trains a network on digits by a recipe that is data, within a budget of rows: the final project (lessons/project-digits) asks for the best recipe, and what a
 * learner measures with this is what is marked. The recipe is checked, and copied, before anything is computed; the same recipe, rows and seed give the
 * same network. A run that becomes NaN ends early, and its history says so.
 * Tests     test/examples/trainRecipe.test.ts
 * @throws TypeError or RangeError for a recipe that may not be, with its field; for data that are no digits
 * @example
 * const { train, validation } = split(await digits(), { train: 100, validation: 100, seed: 1 })
 * const given = { train, validation, seed: 1, rows: 200 }
 * const run = await trainRecipe({ optimizer: 'sgd', lr: 0.1, batchSize: 20, epochs: 2, hidden: [16] }, given)
 * run.rows   // 200
 */
export async function trainRecipe(
  recipe: DigitsRecipe,
  options: TrainRecipeOptions,
): Promise<TrainedRecipe> {
  checkNames('trainRecipe', { train: 1, validation: 1, seed: 1, rows: 1 }, options)
  const { train, validation, seed, rows } = options
  for (const [name, data] of Object.entries({ train, validation })) checkDigits(name, data)
  checkOption('trainRecipe', 'seed', seedOption, seed)
  if (rows !== undefined) checkOption('trainRecipe', 'rows', period(), rows)
  const { length } = train
  const full = checkDigitsRecipe(recipe, { length, ...(rows !== undefined && { rows }) })
  const { batchSize, epochs, labelSmoothing, clip, patience } = full
  const model = networkOf(full)
  initialize(model, { seed })
  const steps = epochs * Math.ceil(length / batchSize)
  const average = averageOf(full, model, steps)
  const rowsOf = epochsOf(train, full, seed)
  const settings = {
    ...{ epochs, batchSize, seed, metrics: { accuracy }, progress: false },
    validation: asItIs(validation),
    optimizer: optimizerOf(full, model, rateOf(full, steps)),
    ...(clip > 0 && { clip }),
    ...(average && { average }),
    ...(patience > 0 && { earlyStopping: { patience, restoreBest: true } }),
  }
  const history = await fit(model, {
    ...settings,
    train: (epoch) => batches(rowsOf(epoch), { size: batchSize, seed, epoch }),
    loss: (output, y) =>
      crossEntropy(output, y, { labelSmoothing: model.training ? labelSmoothing : 0 }),
  })
  const read = async (data: Dataset): Promise<number[]> => {
    checkDigits('the data', data)
    return (await predict(model, asItIs(data))).map(classOf)
  }
  return {
    history,
    rows: history.rows.length * length,
    recipe: {
      ...recipeOfFit({ ...settings, train }),
      ...{ model: 'mlp', precision: 'float32', evaluatedIn: 'evaluate' },
      regularizers: regularizersOf(full),
    },
    predict: read,
    async accuracy(data) {
      const found = await read(data)
      return found.filter((digit, k) => digit === data.y[k]).length / data.length
    },
  }
}

const regularizersOf = (recipe: FullRecipe): string[] => [
  ...(recipe.dropout > 0 ? ['dropout'] : []),
  ...(recipe.labelSmoothing > 0 ? ['labelSmoothing'] : []),
  ...(recipe.norm === 'none' ? [] : [`${recipe.norm}Norm`]),
  ...(recipe.augment === 'none' ? [] : [`augment: ${recipe.augment}`]),
  ...(recipe.average === 'none' ? [] : [recipe.average]),
]
