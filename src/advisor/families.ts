import type { TrainingRecipe } from './recipe.js'

/** What the table of the course says about an optimizer: the rates to start in, and numbers kept for each weight. */
export interface Family {
  lr: readonly [number, number]
  memory: number
}

/** Those of the course's table, by the library's names. LARS takes what its scaling gives. */
export const families: Readonly<Record<string, Family>> = {
  sgd: { lr: [1e-3, 0.1], memory: 1 },
  adagrad: { lr: [1e-3, 0.1], memory: 1 },
  rmsprop: { lr: [1e-4, 1e-3], memory: 1 },
  adam: { lr: [1e-4, 3e-3], memory: 2 },
  adamw: { lr: [1e-4, 3e-3], memory: 2 },
  lamb: { lr: [1e-4, 1e-2], memory: 2 },
  lars: { lr: [0.1, 100], memory: 1 },
}

/** What the library calls its optimizers: only by these names do the rules know them. */
export const optimizerNames: readonly string[] = [
  ...Object.keys(families),
  ...['adabelief', 'adadelta', 'adafactor', 'adamax', 'adan', 'asgd', 'lbfgs', 'lion', 'lookahead'],
  ...['muon', 'nadam', 'novograd', 'radam', 'rprop', 'scheduleFree', 'yogi'],
]

const adamLike = ['adam', 'adamw', 'adamax', 'nadam', 'radam', 'adabelief', 'adan', 'yogi']

/** Steps of about the learning rate, whatever the gradient's size. */
export const isAdam = (optimizer: string | undefined): boolean =>
  optimizer !== undefined && adamLike.includes(optimizer)

/** Divides by a measure of the gradients. */
export const isAdaptive = (optimizer: string | undefined): boolean =>
  isAdam(optimizer) ||
  ['rmsprop', 'adagrad', 'adadelta', 'novograd', 'adafactor'].includes(optimizer ?? '')

export const isTransformer = ({ model }: TrainingRecipe): boolean =>
  model === 'transformer' || model === 'vit'

/** What has a decay per kind of model: from, to. Small models are dense layers on tables. */
export const decays: Readonly<Partial<Record<string, readonly [number, number]>>> = {
  cnn: [1e-4, 5e-4],
  vit: [0.05, 0.1],
  transformer: [0.01, 0.1],
  mlp: [0, 1e-4],
  policy: [0, 0],
}

/** Rows above which a batch needs an optimizer for it. */
export const hugeBatch = 8192
