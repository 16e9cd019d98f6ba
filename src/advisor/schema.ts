import type { TrainingRecipe } from './recipe.js'
import { symptoms } from './symptoms.js'

/** The part of JSON Schema that a recipe needs. */
export interface Schema {
  readonly type?:
    | 'object'
    | 'array'
    | 'string'
    | 'number'
    | 'integer'
    | 'boolean'
    | readonly string[]
  readonly description?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: false | Schema
}

const word = (...words: string[]): Schema => ({ type: 'string', enum: words })
const text: Schema = { type: 'string' }
const yes: Schema = { type: 'boolean' }
const rate: Schema = { type: 'number', minimum: 0 }
const share: Schema = { type: 'number', minimum: 0, maximum: 1 }
const fraction: Schema = { type: 'number', minimum: 0, exclusiveMaximum: 1 }
const count: Schema = { type: 'integer', minimum: 1 }
const list = (items: Schema): Schema => ({ type: 'array', items })
const object = (properties: Record<string, Schema>, ...optional: string[]): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
})
const model = word('transformer', 'vit', 'cnn', 'rnn', 'mlp', 'policy', 'other')

/** One for each field of a recipe: the compiler misses none. */
const properties: Record<keyof TrainingRecipe, Schema> = {
  name: text,
  model,
  batchSize: { ...count, description: 'rows in a step' },
  goal: word('fast-start', 'best-end'),
  needsDecay: yes,
  tuning: word('none', 'some', 'plenty'),
  memory: word('enough', 'tight'),
  precision: word('float32', 'float16', 'bfloat16'),
  optimizer: { ...text, description: 'by the library’s name: adamw, sgd' },
  lr: { ...rate, description: 'the peak, if it is scheduled' },
  lrRange: { ...list(rate), minItems: 2, maxItems: 2, description: 'smallest and largest tried' },
  lrTuned: yes,
  schedule: { ...text, description: 'by the library’s name: warmupCosine, constant' },
  warmup: { ...share, description: 'the share of all steps that warm up' },
  momentum: fraction,
  nesterov: yes,
  beta1: fraction,
  beta2: fraction,
  eps: { type: 'number', exclusiveMinimum: 0 },
  weightDecay: rate,
  decoupled: yes,
  biasesDecay: yes,
  epochs: count,
  clip: { type: 'number', exclusiveMinimum: 0 },
  clipped: share,
  gradientNorm: { type: ['number', 'null'], minimum: 0 },
  lossScaling: yes,
  regularizers: list(text),
  added: list(text),
  evaluatedIn: word('train', 'evaluate'),
  pretrained: yes,
  groups: list(object({ name: word('backbone', 'head', 'other'), lr: rate })),
  tunedAt: object({ batchSize: count, lr: rate }),
  resumed: object({ sameTask: yes, state: word('loaded', 'fresh') }),
  switchedFrom: object({ optimizer: text, lr: rate, state: word('kept', 'fresh') }),
  compared: list(object({ optimizer: text, lr: rate, lrTuned: yes }, 'lrTuned')),
  usedFor: list(model),
  nextChange: word('learning-rate', 'batch-size', 'regularizer', 'data', 'model', 'optimizer'),
  because: { type: 'object', additionalProperties: text },
  symptoms: list(word(...Object.keys(symptoms))),
}

/**
 * What a recipe may say, as JSON Schema (2020-12): for editors, and for `lint` and `downhill advise`, which refuse what it does not allow.
 * @example Object.keys(recipeSchema.properties ?? {}).includes('weightDecay')   // true
 */
export const recipeSchema: Schema & { readonly $schema: string; readonly title: string } = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Training recipe',
  type: 'object',
  properties,
  additionalProperties: false,
}

const taskNames = [
  'model',
  'batchSize',
  'goal',
  'needsDecay',
  'tuning',
  'memory',
  'precision',
] as const

/** What `choose` takes. */
export const taskSchema: Schema = {
  type: 'object',
  properties: Object.fromEntries(taskNames.map((name) => [name, properties[name]])),
  additionalProperties: false,
}
