import { checkNames, checkOption } from '../backend/options.js'
import { ProgressBar } from '../host/progress-bar.js'
import { seedOption } from '../nn/random.js'
import type { Tensor } from '../nn/tensor.js'
import type { WeightAverage } from '../regularizers/average.js'
import { type ComparedRun, Comparison } from './comparison.js'
import type { TrainingData } from './data.js'
import type { Column } from './epochRecord.js'
import { evaluate } from './evaluate.js'
import { fit } from './fit.js'
import type { Model } from './model.js'
import { bestMode, type FitOptions, fitNames } from './options.js'
import type { Trainable } from './trainable.js'

/** Options of `fit` that recipes may share, or have of their own. */
export type SharedOptions = Partial<
  Omit<
    FitOptions,
    'optimizer' | 'average' | 'stages' | 'plateau' | 'seed' | 'checkpoint' | 'resume' | 'progress'
  >
>

/** One way to train: everything is made anew for each seed. The other options are those of `fit`, and win over the shared ones. */
export interface Recipe extends SharedOptions {
  name: string
  /** The model, with first weights that this seed draws: `initialize(model, { seed })`, or `linear(64, 10, { seed })`. */
  model: (seed: number) => Model
  /** Its optimizer, for the parameters of this model. */
  optimizer: (params: Tensor[], model: Model) => Trainable
  /** `(params) => ema(params)`. */
  average?: (params: Tensor[]) => WeightAverage
  /** `(model) => stagedUnfreeze([…])`. */
  stages?: (model: Model) => (epoch: number) => number
}

/** The data of a seed. */
export interface SeedData {
  train: TrainingData
  validation?: TrainingData
  /** Each trained model is measured on it once. */
  test?: TrainingData
}

/** Options of `compare`. */
export interface CompareOptions extends SharedOptions {
  /** Each recipe runs once with each: first weights, order of the rows, and what `data` makes of it. */
  seeds: readonly number[]
  /** The data of a seed, where each has its own split. Default: `train` and `validation`. */
  data?: (seed: number) => SeedData
  /** What is compared: a column of the histories. Default: the first metric, else the validation loss. */
  column?: Column
  /** Whether more or less of it is better. Default: less of a loss, more of `accuracy`; another one must say. */
  mode?: 'min' | 'max'
  /** One bar for all runs. Default true. */
  progress?: boolean
}

/** What `fit` takes, but what belongs to a single run. */
const {
  seed: _seed,
  plateau: _plateau,
  checkpoint: _checkpoint,
  resume: _resume,
  progress: _progress,
  ...names
} = fitNames

/**
 * Trains each recipe with each seed, on the same data in the same order, and compares: mean ± standard deviation, the course of the epochs in bands, and
 * the differences to the first recipe seed by seed, which are smaller than the spread where the seed does most.
 * It tells what was seen and judges nothing: `counts(difference)` says whether a difference is beyond the noise.
 * Tests     test/training/compare.test.ts
 * @throws RangeError or TypeError for recipes and options that cannot be; errors of a run name the recipe and the seed
 * @example
 * const { train, validation } = split(await digits(), { train: 100, validation: 100, seed: 1 })
 * const comparison = await compare(
 *   [
 *     { name: 'SGD', model: (seed) => linear(64, 10, { seed }), optimizer: (params) => sgd(params, { lr: 0.01 }) },
 *     { name: 'Adam', model: (seed) => linear(64, 10, { seed }), optimizer: (params) => adam(params, { lr: 0.01 }) },
 *   ],
 *   { seeds: [1, 2, 3], train, validation, epochs: 2, metrics: { accuracy } },
 * )
 * comparison.rows.map(({ recipe, final }) => [recipe, final.n])   // [['SGD', 3], ['Adam', 3]]
 */
export async function compare(
  recipes: readonly Recipe[],
  options: CompareOptions,
): Promise<Comparison> {
  check(recipes, options)
  const { seeds, data, column, mode, progress = true, ...shared } = options
  const [metric] = Object.keys(recipes[0]!.metrics ?? shared.metrics ?? {})
  const direction = bestMode('compare', column ?? metric ?? 'trainLoss', mode)
  const runs: ComparedRun[] = []
  const epochsOf = (recipe: Recipe) => recipe.epochs ?? shared.epochs ?? 0
  const total = seeds.length * recipes.reduce((sum, recipe) => sum + epochsOf(recipe), 0)
  const bar = progress ? new ProgressBar({ total, label: 'epochs of all runs' }) : undefined
  try {
    // Seed by seed: what is there when it is interrupted can be compared.
    for (const seed of seeds) {
      const parts = data?.(seed)
      for (const recipe of recipes) {
        let left = epochsOf(recipe)
        const onEpoch: FitOptions['onEpoch'] = async (row, history) => {
          left -= 1
          bar?.advance()
          await (recipe.onEpoch ?? shared.onEpoch)?.(row, history)
        }
        const given = { ...shared, ...parts, ...recipe, onEpoch }
        runs.push(await train(recipe, seed, given))
        for (; left > 0; left--) bar?.advance()
      }
    }
  } finally {
    bar?.end()
  }
  const loss =
    runs[0]!.history.rows[0]?.validationLoss === undefined ? 'trainLoss' : 'validationLoss'
  return new Comparison(runs, { column: column ?? metric ?? loss, mode: direction })
}

type Given = SharedOptions & Partial<SeedData>

async function train(recipe: Recipe, seed: number, given: Given): Promise<ComparedRun> {
  const { name, model: makeModel, optimizer, average, stages } = recipe
  const { test, ...options } = given
  try {
    const model = makeModel(seed)
    const params = model.parameters()
    const history = await fit(model, {
      ...pick(options),
      optimizer: optimizer(params, model),
      ...(average && { average: average(params) }),
      ...(stages && { stages: stages(model) }),
      seed,
      progress: false,
    } as FitOptions)
    if (!test) return { recipe: name, seed, history }
    const { loss, metrics } = given
    const measured = { ...(loss && { loss }), ...(metrics && { metrics }) }
    return { recipe: name, seed, history, test: await evaluate(model, test, measured) }
  } catch (error) {
    const { message } = error as Error
    throw new Error(`compare: recipe "${name}", seed ${seed}: ${message}`, { cause: error })
  }
}

/** Those that `fit` takes. */
const pick = (options: object) =>
  Object.fromEntries(
    Object.entries(options).filter(([name, value]) => name in names && value !== undefined),
  )

function check(recipes: readonly Recipe[], options: CompareOptions): void {
  const ours = { seeds: 1, data: 1, column: 1, mode: 1, progress: 1 }
  checkNames('compare', { ...names, ...ours }, options)
  if (!Array.isArray(recipes) || recipes.length === 0)
    throw new RangeError('compare: there must be at least one recipe, got none')
  for (const recipe of recipes) {
    checkNames('compare: a recipe', { name: 1, model: 1, ...names }, recipe)
    if (typeof recipe.model !== 'function' || typeof recipe.optimizer !== 'function')
      throw new TypeError(
        `compare: model and optimizer of recipe "${recipe.name}" must be functions, which make them for each seed: model: (seed) => …, optimizer: (params) => adamw(params)`,
      )
    if (recipes.filter(({ name }) => name === recipe.name).length > 1)
      throw new RangeError(
        `compare: each recipe needs a name of its own, got "${recipe.name}" twice`,
      )
  }
  if (!Array.isArray(options.seeds) || options.seeds.length === 0)
    throw new RangeError('compare: seeds must be a list of at least one, such as [1, 2, 3, 4, 5]')
  for (const seed of options.seeds) checkOption('compare', 'a seed', seedOption, seed)
  if (new Set(options.seeds).size < options.seeds.length)
    throw new RangeError(`compare: each seed counts once, got ${options.seeds.join(', ')}`)
}
