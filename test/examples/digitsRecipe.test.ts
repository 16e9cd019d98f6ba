import { checkDigitsRecipe, type DigitsRecipe } from 'downhill'
import { describe, expect, test } from 'vitest'

const plain: DigitsRecipe = {
  optimizer: 'sgd',
  lr: 0.05,
  batchSize: 32,
  epochs: 20,
  hidden: [32],
}
const rule = '(p, g, m, { lr, momentum }) => [p - lr * (momentum * m + g), momentum * m + g]'

test('what is left open has its default, and a full recipe is one too', () => {
  const full = checkDigitsRecipe(plain)
  expect(full).toMatchObject({ ...plain, schedule: 'constant', dropout: 0, beta2: 0.999, rule: '' })
  expect(checkDigitsRecipe(full)).toEqual(full)
  expect(JSON.stringify(checkDigitsRecipe({ ...plain, schedule: undefined }))).toBe(
    JSON.stringify(full),
  )
})

test.each<[string, Partial<DigitsRecipe>]>([
  ['0 everywhere', { lr: 0, momentum: 0, weightDecay: 0, dropout: 0, clip: 0 }],
  ['the limits', { lr: 10, batchSize: 256, epochs: 200, hidden: [128, 128, 128], clip: 1000 }],
  ['the smallest', { lr: 1e-8, batchSize: 16, epochs: 1, hidden: [] }],
  ['nesterov', { momentum: 0.9, nesterov: true }],
  ['adamw', { optimizer: 'adamw', beta1: 0.8, beta2: 0.99, eps: 1e-7, weightDecay: 0.1 }],
  ['an own rule', { optimizer: 'own', rule, momentum: 0.9 }],
])('allowed: %s', (_, change) => {
  expect(checkDigitsRecipe({ ...plain, ...change })).toMatchObject(change)
})

const nested = JSON.parse(`${'{"a":'.repeat(30)}1${'}'.repeat(30)}`)
const circle: Record<string, unknown> = {}
circle.self = circle

describe('refused, with the field', () => {
  test.each<[unknown, RegExp]>([
    [undefined, /a recipe must be an object, .* got undefined$/],
    [null, /a recipe must be an object/],
    [[plain], /a recipe must be an object, .* got a list$/],
    ['sgd', /a recipe must be an object, .* got string$/],
    [() => plain, /a recipe is plain data: a function/],
    [new Float64Array(5), /a recipe must be an object/],
    [{}, /the recipe must say optimizer, lr, batchSize, epochs, hidden$/],
    [{ ...plain, hidden: undefined }, /must say hidden$/],
    [{ ...plain, rate: 1 }, /there is no option "rate"; it takes optimizer, lr, /],
    [{ ...plain, constructor: 1 }, /there is no option "constructor"/],
    [JSON.parse('{"__proto__": {"lr": 1}, "optimizer": "sgd"}'), /there is no option "__proto__"/],
    [Object.create(plain), /the recipe must say/],
    [nested, /nested deeper/],
    [circle, /a circle/],
    [{ ...plain, optimizer: 'lbfgs' }, /optimizer must be "sgd" or .* got "lbfgs"$/],
    [{ ...plain, optimizer: 'constructor' }, /optimizer must be/],
    [{ ...plain, optimizer: ['sgd'] }, /optimizer must be .* got an object \(Array\)$/],
    [{ ...plain, lr: Number.NaN }, /lr must be 0 or from 1e-8 to 10, got NaN$/],
    [{ ...plain, lr: Number.POSITIVE_INFINITY }, /lr must be .* got Infinity$/],
    [{ ...plain, lr: 5e-324 }, /lr must be 0 or from 1e-8 to 10, got 5e-324$/],
    [{ ...plain, lr: -0.1 }, /lr must be/],
    [{ ...plain, lr: '0.1' }, /lr must be a number, got "0.1"$/],
    [{ ...plain, lr: { valueOf: 1 } }, /lr must be a number/],
    [
      { ...plain, schedule: { sequence: ['cosine', ['cosine']] } },
      /schedule must be .* got an object/,
    ],
    [{ ...plain, momentum: 1 }, /momentum must be 0 or from 1e-8 to 0.999, got 1$/],
    [{ ...plain, weightDecay: 1e-30 }, /weightDecay must be/],
    [{ ...plain, eps: 0 }, /eps must be from 1e-8 to 1, got 0$/],
    [{ ...plain, batchSize: 8 }, /batchSize must be a whole number from 16 to 256, got 8$/],
    [{ ...plain, batchSize: 20.5 }, /batchSize must be/],
    [{ ...plain, epochs: 1e9 }, /epochs must be a whole number from 1 to 200/],
    [{ ...plain, hidden: 32 }, /hidden must be a list of widths, such as \[32\], got 32$/],
    [{ ...plain, hidden: { 0: 32 } }, /hidden must be a list .* got an object \(Object\)$/],
    [{ ...plain, hidden: [1, 2, 3, 4] }, /hidden must have at most 3 widths, got 4$/],
    [{ ...plain, hidden: [32, 129] }, /hidden\[1\] must be a whole number from 1 to 128, got 129$/],
    [{ ...plain, hidden: [[32]] }, /hidden\[0\] must be a number/],
    [{ ...plain, hidden: [undefined] }, /hidden\[0\] must be a number/],
    [{ ...plain, nesterov: 'yes' }, /nesterov must be true or false/],
    [{ ...plain, nesterov: true }, /nesterov needs a momentum above 0/],
    [{ ...plain, beta1: 0.8 }, /sgd has no beta1; it has lr, weightDecay, momentum, nesterov$/],
    [{ ...plain, optimizer: 'adamw', momentum: 0.9 }, /adamw has no momentum/],
    [{ ...plain, rule }, /sgd has no rule/],
    [{ ...plain, norm: 'batch', average: 'ema' }, /do not go together: averaged weights/],
    [{ ...plain, patience: 5, average: 'swa' }, /do not go together: one keeps/],
  ])('case %#', (recipe, message) => {
    expect(() => checkDigitsRecipe(recipe)).toThrow(message)
  })

  test('a list that would fill the memory', () => {
    const recipe = { ...plain, hidden: new Array(1e8) }
    expect(() => checkDigitsRecipe(recipe)).toThrow('more than 1000000 parts')
  })

  test('the budget, and more rows in a batch than there are', () => {
    expect(() => checkDigitsRecipe(plain, { rows: 6000, length: 300 })).not.toThrow()
    expect(() => checkDigitsRecipe(plain, { rows: 5999, length: 300 })).toThrow(
      'trainRecipe: the budget is 5999 rows, 20 epochs of 300 are 6000; take at most 19 epochs',
    )
    expect(() => checkDigitsRecipe({ ...plain, batchSize: 64 }, { length: 50 })).toThrow(
      'batchSize must be at most the 50 rows',
    )
  })
})

test('a getter is asked once, and what it gave is what is kept', () => {
  let asked = 0
  const recipe = {
    ...plain,
    get lr() {
      asked += 1
      return asked === 1 ? 0.1 : 100
    },
  }
  expect(checkDigitsRecipe(recipe).lr).toBe(0.1)
  expect(asked).toBe(1)
  const throwing = {
    get lr(): number {
      throw new Error('no')
    },
  }
  expect(() => checkDigitsRecipe(throwing)).toThrow('trainRecipe: a recipe is plain data: no')
})
