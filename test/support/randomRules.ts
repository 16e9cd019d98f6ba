import fc from 'fast-check'
import type { Backend } from '../../src/backend/backend.js'
import { compileRule, toProgram } from '../../src/backend/rule.js'
import { runningError } from './runningError.js'

/** Random expressions of a, b, the single value s and the hyper h. */
const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const x = tie('expression')
  const one = (...names: string[]) =>
    fc.tuple(fc.constantFrom(...names), x).map(([name, a]) => `${name}(${a})`)
  return {
    expression: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('a', 'b', 'a', 'b', 's', 'h', '0.5', '2', '(-1)', '0.1', '3e-3', '1e4'),
      fc.tuple(fc.constantFrom('+', '-', '*', '/'), x, x).map(([op, a, b]) => `(${a} ${op} ${b})`),
      fc.tuple(x, fc.constantFrom('s', 'h', '(h * h)', '3')).map(([a, d]) => `(${a} / ${d})`),
      one('-', 'Math.sqrt', 'Math.abs', 'Math.sign', 'Math.floor'),
      one('Math.exp', 'Math.log', 'Math.cos', 'Math.sin', 'Math.tanh'),
      fc
        .tuple(fc.constantFrom('min', 'max', 'pow'), x, x)
        .map(([name, a, b]) => `Math.${name}(${a}, ${b})`),
      fc
        .tuple(fc.constantFrom('<', '<=', '>', '>=', '===', '!=='), x, x, x, x)
        .map(([op, a, b, yes, no]) => `(${a} ${op} ${b} ? ${yes} : ${no})`),
    ),
  }
})

const float = fc.float({ min: -8, max: 8, noNaN: true })
export const cases = fc.record({
  bodies: fc.tuple(expression, expression),
  rows: fc.array(fc.tuple(float, float), { minLength: 1, maxLength: 9 }),
  s: float,
  h: float,
})

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never

export interface RandomRules {
  /** How many elements the arrays have: the rows again and again. */
  lengths: readonly number[]
  /** How many rules for each length. */
  runs: number
}

/**
 * Random rules over random data on a backend: each value must be within 4 times the running float32 error bound of the reference's.
 * About 40 elements of a longer array are looked at. @returns how many values had a bound
 * @throws Error naming the rule and the element
 */
export async function checkRandomRules(
  backend: Backend,
  { lengths, runs }: RandomRules,
): Promise<number> {
  let claims = 0
  for (const length of lengths) {
    const property = fc.asyncProperty(cases, async (given) => {
      claims += await checkRule(backend, given, length)
    })
    await fc.assert(property, { numRuns: runs, endOnFailure: true }) // shrinking a rule takes longer than reading it
  }
  return claims
}

async function checkRule(backend: Backend, given: Case, length: number): Promise<number> {
  const { bodies, rows, s, h } = given
  const rule = `(a, b, s, { h }) => [${bodies}]`
  const program = toProgram(compileRule(rule).outputs)
  const column = (k: 0 | 1) => Float32Array.from({ length }, (_, i) => rows[i % rows.length]![k])
  const arrays = [column(0), column(1), [s]].map((input) => backend.write(input))
  const outputs = backend.map(program, arrays, { hypers: { h }, length })
  const results = await Promise.all(outputs.map((output) => backend.read(output)))
  for (const array of [...arrays, ...outputs]) backend.release(array)
  let claims = 0
  const stride = Math.max(1, Math.floor(length / 40))
  for (let i = 0; i < length; i += stride) {
    const [a, b] = rows[i % rows.length]!
    for (const [o, { value, error }] of runningError(program, [a, b, s], { h }).entries()) {
      if (!Number.isFinite(error)) continue
      claims += 1
      const ours = results[o]![i]!
      if (!(Math.abs(ours - value) <= 4 * error))
        throw new Error(
          `${rule} of ${length}: at ${i}, a = ${a}, b = ${b}, s = ${s}, h = ${h} gives ${value} ± ${error}, got ${ours} as output ${o}`,
        )
    }
  }
  return claims
}
