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

const recipes = [
  ...presets.map(({ recipe }) => recipe),
  {},
  { lr: 0 },
  { lr: -1 },
  { lr: '1' },
  { beta1: 1 },
  { beta1: 0 },
  { eps: 0 },
  { batchSize: 1.5 },
  { batchSize: 0 },
  { warmup: 1 },
  { warmup: 1.1 },
  { gradientNorm: null },
  { gradientNorm: 'x' },
  { lrRange: [0.1] },
  { lrRange: [0.1, 1] },
  { added: ['dropout'] },
  { added: [1] },
  { groups: [{ name: 'head', lr: 1 }] },
  { groups: [{ name: 'neck', lr: 1 }] },
  { groups: [{ name: 'head' }] },
  { compared: [{ optimizer: 'sgd', lr: 1 }] },
  { because: { lr: 'tuned' } },
  { because: { lr: 1 } },
  { symptoms: ['slow'] },
  { symptoms: ['sleepy'] },
  { unknown: 1 },
  { model: null },
]

test.each(recipes)('another validator agrees about %j', (recipe) => {
  expect(allowsOurs(recipe)).toBe(allows(recipe))
})

test('both have something to refuse and something to allow', () => {
  expect(new Set(recipes.map(allows))).toEqual(new Set([true, false]))
})
