import { adam, adamw, sgd } from 'downhill'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../src/backend/reference.js'
import { compileRule, elementwise, toProgram } from '../../src/backend/rule.js'
import type { ElementDefinition } from '../../src/optimizers/compiler.js'

/** Compiles a rule and runs it on single numbers. */
function run(source: string, inputs: number[], hypers: Record<string, number> = {}): number[] {
  const program = toProgram(compileRule(source).outputs)
  const arrays = inputs.map((value) => reference.write([value]))
  return reference
    .map(program, arrays, { hypers })
    .map((array) => reference.readSync(array, '')[0]!)
}

describe('a rule may be', () => {
  test.each([
    ['an arrow', '(a, b) => [a + b]'],
    ['an arrow with one value', '(a, b) => a + b'],
    ['a function', 'function add(a, b) { return [a + b] }'],
    ['a method', 'rule(a, b) { return [a + b] }'],
    ['what a minifier makes of it', 'rule(e,t){let n=e+t;return[n]}'],
  ])('%s', (_, source) => {
    expect(run(source, [2, 3])).toEqual([5])
  })
})

test.each<[string, number, number]>([
  ['-a + +b', -2, 0],
  ['a - b * a / b', 2, 3],
  ['a ** 3', -2, 0],
  ['a ** 0.5', 2, 0],
  ['a < b ? 1 : 2', 1, 1],
  ['a <= b ? 1 : 2', 1, 1],
  ['a > b ? 1 : 2', 2, 1],
  ['a >= b ? 1 : 2', 1, 1],
  ['a === b ? 1 : 2', 1, 1],
  ['a !== b ? 1 : 2', 1, 1],
  ['!(a < b) ? 1 : 2', 1, 1],
  ['!(!(a < b)) ? 1 : 2', 1, 2],
  ['!a ? 1 : 2', 0, 0],
  ['a ? 1 : 2', 0, 0],
  ['a < 0 ? -1 : a > b ? b : a', 7, 3],
  ['Math.sqrt(a) + Math.abs(b) + Math.sign(b)', 2, -3],
  ['Math.min(a, b) - Math.max(a, b)', 2, -3],
  ['Math.exp(a) + Math.log(b) + Math.pow(a, b)', 2, 3],
  ['Math.cos(a * Math.PI) + Math.sin(b) + Math.tanh(a) + Math.floor(b) + Math.E', 2.5, 3.5],
  ['a * 1e-8 - 2.5e10 * b', 2, 3],
  ['Math.min(a, Infinity)', 2, 0],
])('%s means what it means in JavaScript', (expression, a, b) => {
  const direct = new Function('a', 'b', `return ${expression}`)(a, b)
  expect(run(`(a, b) => [${expression}]`, [a, b])).toEqual([direct])
})

describe('equals the same function called directly', () => {
  const value = fc.double({ min: -10, max: 10, noNaN: true })
  const small = fc.double({ min: 0, max: 0.99, noNaN: true })
  const options = fc.record({
    lr: small,
    beta1: small,
    beta2: small,
    eps: fc.constant(1e-8),
    momentum: fc.constantFrom(0, 0.9),
    dampening: fc.constantFrom(0, 0.5),
    weightDecay: fc.constantFrom(0, 0.1),
    amsgrad: fc.boolean(),
    nesterov: fc.boolean(),
    t: fc.integer({ min: 1, max: 50 }),
  })
  const numbers = fc.tuple(value, value, value, value.map(Math.abs), value.map(Math.abs))
  test.each([
    ['sgd', sgd.compiler],
    ['adam', adam.compiler],
    ['adamw', adamw.compiler],
  ])('%s', (_, compiler) => {
    const { rule, state } = compiler.definition as ElementDefinition
    fc.assert(
      fc.property(numbers, options, (all, given) => {
        const inputs = all.slice(0, state.length + 2)
        const direct = (rule as (...args: unknown[]) => number[])(...inputs, given)
        const compiled = compileRule(rule.toString(), {
          statics: { amsgrad: Number(given.amsgrad) },
        })
        const program = toProgram(compiled.outputs)
        const arrays = inputs.map((input) => reference.write([input]))
        const hypers = given as unknown as Record<string, number>
        const results = reference.map(program, arrays, { hypers })
        for (const [k, result] of results.entries()) {
          const [ours] = reference.readSync(result, '')
          expect(Math.abs(ours! - direct[k]!)).toBeLessThanOrEqual(
            1e-14 * Math.max(1, Math.abs(direct[k]!)),
          )
        }
      }),
    )
  })
})

describe('what is known when compiling costs nothing', () => {
  const source = (adamw.compiler.definition as ElementDefinition).rule.toString()

  test('hyperparameters alone are computed on the host', () => {
    const { slots, inputs } = toProgram(
      compileRule('(p, { beta, t }) => [p * (1 - beta ** t) + (1 - beta)]').outputs,
    )
    expect(slots.length).toBe(2)
    expect(inputs).toEqual([0])
  })

  test('equal expressions are computed once', () => {
    const [one, two] = compileRule('(a, b) => [(a + b) * (a + b), (a + b) ** 2]').outputs
    expect(one).toBe(two)
  })

  test('amsgrad off leaves no trace of the largest v', () => {
    const { outputs } = compileRule(source, { statics: { amsgrad: 0 } })
    expect(toProgram(outputs.slice(0, 3)).inputs).toEqual([0, 1, 2, 3])
    expect(outputs[3]).toMatchObject({ op: 'input', value: 4 })
  })

  test('a weight decay of 0 is not computed', () => {
    const { outputs } = compileRule(source, { statics: { amsgrad: 0, weightDecay: 0, lr: 0 } })
    expect(outputs[0]).toMatchObject({ op: 'input', value: 0 })
  })
})

describe('a rule as long as it likes is read in the time that its length takes', () => {
  // Doubled with each level, none of these would end.
  test.each<[string, string]>([
    ['tests that are joined', `${'p > 1 && g > 1 ? 1 : '.repeat(100)}g`],
    ['either of two', `${'p > 1 || g > 1 ? '.repeat(100)}p${' : g'.repeat(100)}`],
    ['brackets in a test', `${'('.repeat(60)}p${' || g) && (p || g)'.repeat(60)} ? p : g`],
    ['equal to what is equal', `${'('.repeat(60)}p${' === g ? 1 : 0)'.repeat(60)}`],
  ])('%s', (_, body) => {
    const { outputs } = compileRule(`(p, g) => [${body}]`)
    expect(elementwise(outputs).length).toBeLessThan(500)
  })

  test('equal to what is not even a number', () => {
    const body = `${'p === '.repeat(300)}g ? p : g`
    expect(() => compileRule(`(p, g) => [${body}]`)).toThrow('a comparison used as a number')
  })
})

const allowed =
  'a rule may use numbers, its arguments, const, return, + - * / **, comparisons (joined by && and ||) or a flag as the test of … ? … : …, Math.pow, Math.sqrt, Math.abs, Math.sign, Math.min, Math.max, Math.exp, Math.log, Math.cos, Math.sin, Math.tanh, Math.floor, and norm, mean, sum and globalNorm from its last argument, which is taken apart where it stands: { lr, norm }'

test.each([
  ['rule(p, g) {\n  for (;;) {}\n}', 'mine: for statement is not supported, line 2: for (;;) {}'],
  [
    '(p, g) => {\n  const a = 1\n\n  a = 2\n  return [a]\n}',
    'mine: expression statement is not supported, line 4: a = 2',
  ],
  [
    '(p, g) => [p - lr * g]',
    'mine: "lr", which is neither an argument nor a const of the rule, is not supported, line 1: (p, g) => [p - lr * g]',
  ],
  [
    '(p, g) => [Math.random()]',
    'mine: the call Math.random() is not supported, line 1: (p, g) => [Math.random()]',
  ],
  ['(p, g) => [f(g)]', 'mine: the call f(g) is not supported, line 1: (p, g) => [f(g)]'],
  [
    '(p, g) => [Math.min(p)]',
    'mine: Math.min with 1 arguments (it takes 2) is not supported, line 1: (p, g) => [Math.min(p)]',
  ],
  [
    '(p, g) => [p > g]',
    'mine: a comparison used as a number is not supported, line 1: (p, g) => [p > g]',
  ],
  ['(p, g) => ["1"]', 'mine: "1" is not supported, line 1: (p, g) => ["1"]'],
  ['(p, g) => [p % g]', 'mine: "%" is not supported, line 1: (p, g) => [p % g]'],
  ['(p, g) => [~p]', 'mine: "~" is not supported, line 1: (p, g) => [~p]'],
  ['(p, g) => [p && g]', 'mine: logical expression is not supported, line 1: (p, g) => [p && g]'],
  ['(p, g, o) => [p - o.lr]', 'mine: "o.lr" is not supported, line 1: (p, g, o) => [p - o.lr]'],
  ['(p, g) => [p[0]]', 'mine: "p[0]" is not supported, line 1: (p, g) => [p[0]]'],
  [
    '(p, g) => [...p]',
    'mine: a hole or a spread in the returned list is not supported, line 1: (p, g) => [...p]',
  ],
  [
    '(p, ...g) => [p]',
    'mine: an argument that is neither a name nor a last { … } is not supported, line 1: (p, ...g) => [p]',
  ],
  [
    '(p, { lr = 1 }) => [p]',
    'mine: a default or a rest element among the options is not supported, line 1: (p, { lr = 1 }) => [p]',
  ],
  [
    '(p, g) => {\n  if (p > 0) return [p]\n  return [g]\n}',
    'mine: if statement is not supported, line 2: if (p > 0) return [p]',
  ],
  [
    '(p) => { const q = p }',
    'mine: a rule that does not end in return is not supported, line 1: (p) => { const q = p }',
  ],
  ['42', 'mine: literal is not supported, line 1: 42'],
])('refuses %s', (source, message) => {
  expect(() => compileRule(source, { name: 'mine' })).toThrow(
    new SyntaxError(`${message}\n${allowed}`),
  )
})

test('refuses what is not JavaScript, with the place', () => {
  expect(() => compileRule('(p, g) => [p +]', { name: 'mine' })).toThrow(
    /^mine: cannot read the rule: Unexpected token/,
  )
})

test('a hyper without a value is named, whatever its name', () => {
  expect(() => run('(p, { constructor }) => [p * constructor]', [1])).toThrow(
    new TypeError('rule: "constructor" was not given a value'),
  )
  expect(() => run('(p, { lr }) => [p * lr]', [1])).toThrow(
    new TypeError('rule: "lr" was not given a value'),
  )
})
