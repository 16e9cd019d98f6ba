import { checkDigitsRecipe, digits, split, trainRecipe } from 'downhill'
import { describe, expect, test } from 'vitest'

const own = (rule: unknown) => ({
  optimizer: 'own',
  rule,
  lr: 0.1,
  momentum: 0.9,
  batchSize: 32,
  epochs: 2,
  hidden: [16],
})
const heavyBall = `(p, g, m, { lr, momentum, weightDecay }) => {
  const m1 = momentum * m + g + weightDecay * p
  return [p - lr * m1, m1]
}`

test('a rule that is sgd with momentum trains as it does', async () => {
  const { train, validation } = split(await digits(), { train: 100, validation: 50, seed: 1 })
  const options = { train, validation, seed: 1 }
  const { rule: _, ...rest } = own('')
  const sgd = await trainRecipe({ ...rest, optimizer: 'sgd' }, options)
  const ours = await trainRecipe({ ...rest, optimizer: 'own', rule: heavyBall }, options)
  expect(ours.history.column('trainLoss')).toEqual(sgd.history.column('trainLoss'))
  expect(ours.recipe.optimizer).toBe('own')
}, 60_000)

describe('refused without being run', () => {
  const sum = (n: number) => Array.from({ length: n }, (_, k) => `g ** ${k + 2}`).join(' + ')
  test.each<[unknown, RegExp]>([
    [undefined, /the optimizer 'own' needs a rule, as text/],
    ['', /needs a rule/],
    [5, /needs a rule/],
    [() => [], /a recipe is plain data: a function/],
    [`(p, g, { lr }) => [p - lr * g] //${'x'.repeat(2000)}`, /at most 2000 characters/],
    ['(p, g, a, b, c, d, { lr }) => [p, a, b, c, d]', /at most 3 states, got 4/],
    [`(p, g, { lr }) => [p - lr * (${sum(120)})]`, /at most 200 operations/],
    [
      `(p, g) => [${Array.from({ length: 12 }, (_, k) => `Math.tanh(${k} * g)`).join(' + ')}]`,
      /Math.tanh count as 20/,
    ],
    [`(p, g, { sum }) => [p + sum(${sum(120)})]`, /at most 200 operations/],
    [`(p, g) => [${'p === '.repeat(300)}g ? p : g]`, /rule/],
    ['(p, g, { lr, rate }) => [p - lr * rate * g]', /asks for "rate"/],
    ['(p, g, m, { lr }) => [p - lr * g]', /must take p, g and its states/],
    ['(p) => [p]', /must take p, g and its states/],
    ['(p, g) => [process.exit(1)]', /rule/],
    ['(p, g) => { while (true) {} return [p] }', /rule/],
    ['(p, g) => [globalThis.constructor]', /rule/],
    [`(p, g) => [${'('.repeat(900)}p${')'.repeat(900)}]`, /./],
    ['not a rule at all', /rule/],
  ])('%#: %s', (rule, message) => {
    let refused: unknown
    try {
      checkDigitsRecipe(own(rule))
    } catch (error) {
      refused = error
    }
    // 900 brackets may be read, or be too deep to read: either way nothing runs.
    if (String(rule).startsWith('(p, g) => [((')) return
    expect(String(refused)).toMatch(message)
  })
})
