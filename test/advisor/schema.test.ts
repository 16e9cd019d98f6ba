import { createRequire } from 'node:module'
import { lint, presets, recipeSchema } from 'downhill'
import { expect, test } from 'vitest'

// JupyterLab's own services bring this validator: another reading of the same schema.
const require = createRequire(createRequire(import.meta.url).resolve('@jupyterlab/services'))
const Ajv = require('ajv') as new (
  options: object,
) => {
  compile(schema: object): (value: unknown) => boolean
}
const { $schema: _, ...schema } = recipeSchema
const allows = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)

const allowsOurs = (recipe: object): boolean => {
  try {
    lint(recipe)
    return true
  } catch {
    return false
  }
}

const allowed = [
  ...presets.map(({ recipe }) => recipe),
  {},
  { lr: 0 },
  { beta1: 0 },
  { warmup: 1 },
  { gradientNorm: null },
  { lrRange: [0.1, 1] },
  { added: ['dropout'] },
  { groups: [{ name: 'head', lr: 1 }] },
  { compared: [{ optimizer: 'sgd', lr: 1 }] },
  { because: { lr: 'tuned' } },
  { symptoms: ['slow'] },
]
const refused = [
  { lr: -1 },
  { lr: '1' },
  { beta1: 1 },
  { eps: 0 },
  { clip: 0 },
  { batchSize: 1.5 },
  { batchSize: 0 },
  { warmup: 1.1 },
  { gradientNorm: 'x' },
  { lrRange: [0.1] },
  { added: [1] },
  { groups: [{ name: 'neck', lr: 1 }] },
  { groups: [{ name: 'head' }] },
  { because: { lr: 1 } },
  { symptoms: ['sleepy'] },
  { unknown: 1 },
  { model: null },
]

test.each(allowed)('%j is allowed, by another validator too', (recipe) => {
  expect([allowsOurs(recipe), allows(recipe)]).toEqual([true, true])
})

test.each(refused)('%j is refused, by another validator too', (recipe) => {
  expect([allowsOurs(recipe), allows(recipe)]).toEqual([false, false])
})
