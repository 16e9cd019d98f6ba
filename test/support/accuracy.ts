import type { Backend } from '../../src/backend/backend.js'
import { program } from '../../src/backend/rule.js'

/** Functions of one number, where each is measured, and what it is held to. GLSL and WGSL promise (3 + 2|x|)·2⁻²³ of exp. */
const functions: Record<
  string,
  { rule: string; exact(x: number): number; from: number; to: number; bound: number }
> = {
  exp: { rule: '(x) => [Math.exp(x)]', exact: Math.exp, from: -80, to: 80, bound: 2e-5 },
  'exp near 0': { rule: '(x) => [Math.exp(x)]', exact: Math.exp, from: -1, to: 1, bound: 6e-7 },
  log: { rule: '(x) => [Math.log(x)]', exact: Math.log, from: 2, to: 1e6, bound: 6e-7 },
  'log near 0': { rule: '(x) => [Math.log(x)]', exact: Math.log, from: 1e-6, to: 0.5, bound: 1e-6 },
  tanh: { rule: '(x) => [Math.tanh(x)]', exact: Math.tanh, from: -100, to: 100, bound: 2e-6 },
  'tanh near 0': { rule: '(x) => [Math.tanh(x)]', exact: Math.tanh, from: -1, to: 1, bound: 2e-6 },
  sqrt: { rule: '(x) => [Math.sqrt(x)]', exact: Math.sqrt, from: 1e-6, to: 1e6, bound: 3e-7 },
  inverse: { rule: '(x) => [1 / x]', exact: (x) => 1 / x, from: 1e-3, to: 1e3, bound: 3e-7 },
  power: { rule: '(x) => [x ** 1.7]', exact: (x) => x ** 1.7, from: 1e-3, to: 1e3, bound: 2e-5 },
  // Measured against 1, not against the value, which passes through 0.
  sin: {
    rule: '(x) => [2 + Math.sin(x)]',
    exact: (x) => 2 + Math.sin(x),
    from: -3.14,
    to: 3.14,
    bound: 5e-7,
  },
  cos: {
    rule: '(x) => [2 + Math.cos(x)]',
    exact: (x) => 2 + Math.cos(x),
    from: -3.14,
    to: 3.14,
    bound: 5e-7,
  },
}

/** Largest relative error of each function over 4,001 float32 numbers, and of long sums as a share of Σ|x|. */
export async function accuracy(backend: Backend): Promise<Record<string, number>> {
  const errors: Record<string, number> = {}
  for (const [name, { rule, exact, from, to }] of Object.entries(functions)) {
    const inputs = Float32Array.from({ length: 4001 }, (_, k) => from + ((to - from) * k) / 4000)
    const [made] = backend.map(program(rule), [backend.write(inputs)])
    const gaps = [...(await backend.read(made!))].map((value, k) => {
      const truth = exact(inputs[k]!)
      return value === truth ? 0 : Math.abs((value - truth) / truth)
    })
    errors[name] = gaps.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...gaps)
  }
  const long = Float32Array.from({ length: 300_007 }, (_, k) => 0.1 + ((k * 7919) % 1000) / 1000)
  const exact = long.reduce((sum, x) => sum + x, 0)
  const array = backend.write(long)
  const [sum] = await backend.read(backend.fold('sum', array))
  errors['long sum'] = Math.abs(sum! - exact) / exact
  const square = long.reduce((sum, x) => sum + x * x, 0)
  const product = { rows: 1, inner: long.length, columns: 1 }
  const [dot] = await backend.read(backend.matmul(array, array, product))
  errors['long product'] = Math.abs(dot! - square) / square
  return errors
}

/** Sums are held to 90 roundings, products of n factors to 2√n, all of 2⁻²⁴. */
const sums: Record<string, number> = { 'long sum': 90 / 2 ** 24, 'long product': 1100 / 2 ** 24 }

/** What is outside its bound. */
export const tooFar = (errors: Record<string, number>): [string, number][] =>
  Object.entries(errors).filter(
    ([name, error]) => !(error <= (functions[name]?.bound ?? sums[name]!)),
  )
