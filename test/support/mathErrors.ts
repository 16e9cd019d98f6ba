import type { Backend } from '../../src/backend/backend.js'
import { program } from '../../src/backend/rule.js'
import { openBackend } from '../../src/backend/use.js'

/** The worst of many values: how far from Math's float64 in units of the last place of a float32, and what is not as in JavaScript at all. */
export interface MathError {
  ulps: number
  at: number[]
  wrong: string[]
}

const count = 2 ** 20
/** Odd: so the values run through all exponents, signs and lowest bits. */
const step = 2 ** 12 - 3

/** Float32 values spread evenly over all bit patterns, NaN and ∞ among them. */
function patterns(): Float32Array {
  const bits = Int32Array.from({ length: count }, (_, k) => k * step)
  return new Float32Array(bits.buffer)
}

/** Exponents for these bases that give results of every size; whole ones, halves and any. */
function exponents(bases: Float32Array): Float32Array {
  return bases.map((x, k) => {
    const turn = Math.sin(k)
    if (k % 4 === 0) return Math.round(turn * 12)
    if (k % 4 === 1) return Math.round(turn * 12) / 2
    return (turn * 150) / (Math.log2(Math.abs(x)) || 1)
  })
}

const unit = (x: number): number =>
  2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(x) || 1e-300))) - 23)

function compare(simd: Backend, op: string, inputs: Float32Array[]): MathError {
  const apply = (Math as unknown as Record<string, (...x: number[]) => number>)[op]!
  const text = `(a, b) => [Math.${op}(${inputs.length === 1 ? 'a' : 'a, b'})]`
  const arrays = inputs.map((input) => simd.write(input))
  const [made] = simd.map(program(text), arrays)
  const ours = simd.readSync(made!, '')
  const worst: MathError = { ulps: 0, at: [], wrong: [] }
  for (const [k, got] of ours.entries()) {
    const at = inputs.map((input) => input[k]!)
    const exact = apply(...at)
    const expected = Math.fround(exact)
    if (Object.is(got, expected)) continue
    const ulps = Math.abs(got - exact) / unit(exact)
    const sameSign = Object.is(Math.sign(got), Math.sign(expected)) || got === 0 || expected === 0
    if (!Number.isFinite(ulps) || !sameSign || Object.is(got, -expected))
      worst.wrong.push(`${op} of ${at}: ${expected} in JavaScript, got ${got}`)
    else if (ulps > worst.ulps) Object.assign(worst, { ulps, at })
  }
  for (const array of [...arrays, made!]) simd.release(array)
  return { ...worst, wrong: worst.wrong.slice(0, 5) }
}

/** Every transcendental operation over a million values. */
export async function mathErrors(): Promise<Record<string, MathError>> {
  const simd = await openBackend('simd')
  const x = patterns()
  const errors: Record<string, MathError> = {}
  for (const op of ['exp', 'log', 'tanh', 'sin', 'cos']) errors[op] = compare(simd, op, [x])
  errors.pow = compare(simd, 'pow', [x, exponents(x)])
  return errors
}
