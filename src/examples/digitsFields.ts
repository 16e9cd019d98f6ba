import {
  type ChoiceOption,
  choice,
  type FlagOption,
  flag,
  type NumberOption,
} from '../backend/options.js'
import { ruleLimits } from './ownRule.js'

/** How to train a network on digits, in words and numbers alone. `digitsRecipeFields()` has what each field may be, and its default. */
export interface DigitsRecipe {
  optimizer: (typeof optimizerNames)[number]
  /** The learning rate; the peak, if there is a schedule. */
  lr: number
  schedule?: 'constant' | 'linear' | 'cosine'
  /** The share of all steps in which the rate rises from 0. */
  warmup?: number
  momentum?: number
  nesterov?: boolean
  beta1?: number
  beta2?: number
  eps?: number
  /** λ of the weights; biases do not decay. 0 unless it is given, for every optimizer. */
  weightDecay?: number
  /** The text of a rule, for the optimizer 'own': `(p, g, m, { lr, momentum }) => […]`. */
  rule?: string
  batchSize: number
  epochs: number
  /** Units of each layer but the last. */
  hidden: readonly number[]
  activation?: 'relu' | 'gelu' | 'silu' | 'tanh' | 'sigmoid'
  norm?: 'none' | 'batch' | 'layer'
  dropout?: number
  labelSmoothing?: number
  /** The limit of the gradients' norm; 0: none. */
  clip?: number
  /** How the pictures of an epoch are changed. */
  augment?: 'none' | 'shift' | 'jitter' | 'noise' | 'mirror'
  /** Which weights are kept: the last ones, a moving average, or the mean over the last quarter of the steps. */
  average?: 'none' | 'ema' | 'swa'
  /** β of the moving average. */
  averageDecay?: number
  /** Stops when the validation loss has not improved for so many epochs, and takes the best weights back; 0: does not stop. */
  patience?: number
}

/** No optimizer but 'own' has a rule. */
export const noRule = ''

/** A recipe in which nothing is left open. */
export type FullRecipe = Required<DigitsRecipe>

const optimizerNames = [
  'sgd',
  'rmsprop',
  'adagrad',
  'adam',
  'adamw',
  'nadam',
  'radam',
  'lion',
  'lamb',
  'own',
] as const

/** The options of each optimizer beside the rate and the decay, which all of them have. */
export const ownOptions: Readonly<Record<DigitsRecipe['optimizer'], readonly string[]>> = {
  sgd: ['momentum', 'nesterov'],
  rmsprop: ['momentum', 'nesterov', 'eps'],
  adagrad: ['eps'],
  adam: ['beta1', 'beta2', 'eps'],
  adamw: ['beta1', 'beta2', 'eps'],
  nadam: ['beta1', 'beta2', 'eps'],
  radam: ['beta1', 'beta2', 'eps'],
  lion: ['beta1', 'beta2'],
  lamb: ['beta1', 'beta2', 'eps'],
  own: ['momentum', 'beta1', 'beta2', 'eps', 'rule'],
}
/** Every option that some optimizers lack. */
export const optional = new Set(Object.values(ownOptions).flat())

/** The smallest number beside 0: products of smaller ones are denormal, and slow on every machine. */
const least = 1e-8

/** 0, or a number that is neither tiny nor beyond the limit. */
const upTo = (high: number, fallback?: number): NumberOption => ({
  kind: 'number',
  default: fallback,
  range: `0 or from ${least} to ${high}`,
  allows: (value) => value === 0 || (value >= least && value <= high),
})
const whole = (low: number, high: number, fallback?: number): NumberOption => ({
  kind: 'number',
  default: fallback,
  range: `a whole number from ${low} to ${high}`,
  allows: (value) => Number.isInteger(value) && value >= low && value <= high,
})

const [firstName, ...otherNames] = optimizerNames
type Field = NumberOption | FlagOption | ChoiceOption

/** How many hidden layers a network may have, and how wide each may be. */
export const layers = 3
export const units = whole(1, 128)

/** Of each field what it may be; `hidden`, a list of `units`, and `rule`, a text, are looked at on their own. */
export const fields: Readonly<Record<Exclude<keyof DigitsRecipe, 'hidden' | 'rule'>, Field>> = {
  optimizer: choice(firstName, ...otherNames),
  lr: upTo(10),
  schedule: choice('constant', 'linear', 'cosine'),
  warmup: upTo(0.5, 0),
  momentum: upTo(0.999, 0),
  nesterov: flag(false),
  beta1: upTo(0.999, 0.9),
  beta2: upTo(0.99999, 0.999),
  eps: { ...upTo(1, 1e-8), range: `from ${least} to 1`, allows: (x) => x >= least && x <= 1 },
  weightDecay: upTo(10, 0),
  batchSize: whole(16, 256),
  epochs: whole(1, 200),
  activation: choice('relu', 'gelu', 'silu', 'tanh', 'sigmoid'),
  norm: choice('none', 'batch', 'layer'),
  dropout: upTo(0.9, 0),
  labelSmoothing: upTo(0.5, 0),
  clip: upTo(1000, 0),
  augment: choice('none', 'shift', 'jitter', 'noise', 'mirror'),
  average: choice('none', 'ema', 'swa'),
  averageDecay: upTo(0.9999, 0.98),
  patience: whole(0, 200, 0),
}
export const required = ['optimizer', 'lr', 'batchSize', 'epochs', 'hidden'] as const

const ranged = (field: Field): string => {
  if (field.kind === 'number') return field.range
  return field.kind === 'flag' ? 'true or false' : field.words.join(', ')
}

/** What a recipe may say, one row a field: for a table. `forWhich` names the optimizers that have the field. */
export function digitsRecipeFields(): {
  field: string
  values: string
  default: string
  forWhich: string
}[] {
  const row = (field: string, values: string, fallback: unknown) => {
    const having = optimizerNames.filter((name) => ownOptions[name].includes(field))
    const given = (required as readonly string[]).includes(field) ? 'must be given' : `${fallback}`
    return { field, values, default: given, forWhich: having.join(', ') || 'all' }
  }
  return [
    ...Object.entries(fields).map(([name, field]) => row(name, ranged(field), field.default)),
    row('hidden', `a list of up to ${layers} widths, each ${units.range}`, ''),
    row('rule', `the text of a rule, up to ${ruleLimits.characters} characters`, 'none'),
  ]
}
