import { checkOption, nonNegative, positive } from '../../backend/options.js'
import { each, eachByResult } from '../elementwise.js'
import { normalDistribution } from '../erf.js'
import type { Activation, Layer } from '../layer.js'
import { stateless } from './stateless.js'

/** An activation of each element whose slope is found from its result y. */
function byResult(name: string, activation: Activation): Layer {
  const { value, slope, hypers = {} } = activation
  const given = Object.keys(hypers)
  const options = given.length > 0 ? `, { ${given.join(', ')} }` : ''
  const [forward, backward] = [`(z${options}) => [${value}]`, `(y, d${options}) => [${slope}]`]
  return stateless(name, (x) => eachByResult(x, forward, backward, hypers), { activation })
}

/** One whose slope needs z itself: rules with a body that ends in return. */
const byInput = (name: string, forward: string, backward: string): Layer =>
  stateless(name, (x) => each(x, `(z) => { ${forward} }`, `(z, d) => { ${backward} }`))

/**
 * max(x, 0) of each element. Its slope at 0 is 0.
 * Source    torch.nn.ReLU.   Tests  test/nn/layers/activations.test.ts
 * @example  const model = sequential(linear(64, 128), relu(), linear(128, 10))
 */
export const relu = (): Layer =>
  byResult('relu()', { value: 'Math.max(z, 0)', slope: 'y > 0 ? d : 0' })

/**
 * x above 0, and slope·x below: no unit dies.
 * Source    torch.nn.LeakyReLU.   Defaults  slope 0.01.   Tests  test/nn/layers/activations.test.ts
 * @throws RangeError if the slope is negative
 * @example  const model = sequential(linear(64, 128), leakyRelu({ slope: 0.1 }), linear(128, 10))
 */
export function leakyRelu({ slope = 0.01 }: { slope?: number } = {}): Layer {
  checkOption('leakyRelu', 'slope', nonNegative(), slope)
  const rules = { value: 'z > 0 ? z : slope * z', slope: 'y > 0 ? d : slope * d' }
  return byResult('leakyRelu()', { ...rules, hypers: { slope } })
}

/**
 * x above 0, and α·(eˣ − 1) below.
 * Source    Clevert et al. 2016, arXiv:1511.07289; torch.nn.ELU.   Defaults  α = 1.   Tests  test/nn/layers/activations.test.ts
 * @throws RangeError unless α > 0
 * @example  const model = sequential(linear(64, 128), elu(), linear(128, 10))
 */
export function elu({ alpha = 1 }: { alpha?: number } = {}): Layer {
  checkOption('elu', 'alpha', positive(), alpha)
  const value = 'z > 0 ? z : alpha * (Math.exp(z) - 1)'
  return byResult('elu()', { value, slope: 'y > 0 ? d : d * (y + alpha)', hypers: { alpha } })
}

/** 1/√(2π), the normal density at 0. */
const density = 1 / Math.sqrt(2 * Math.PI)
const phi = normalDistribution('z')
const inner = `const inner = ${Math.sqrt(2 / Math.PI)} * (z + 0.044715 * z * z * z)
const h = Math.tanh(inner)`

/**
 * x·Φ(x), Φ the normal distribution; or its approximation by tanh: ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
 * Source    Hendrycks & Gimpel 2016, arXiv:1606.08415; torch.nn.GELU.
 * Defaults  exact (approximate 'none').   Tests  test/nn/layers/activations.test.ts
 * @throws RangeError for another word
 * @example  const model = sequential(linear(64, 128), gelu({ approximate: 'tanh' }), linear(128, 10))
 */
export function gelu({ approximate = 'none' }: { approximate?: 'none' | 'tanh' } = {}): Layer {
  if (approximate === 'tanh')
    return byInput(
      "gelu('tanh')",
      `${inner}\nreturn [0.5 * z * (1 + h)]`,
      `${inner}
      const steep = ${Math.sqrt(2 / Math.PI)} * (1 + 0.134145 * z * z)
      return [d * (0.5 * (1 + h) + 0.5 * z * (1 - h * h) * steep)]`,
    )
  if (approximate !== 'none')
    throw new RangeError(`gelu: approximate must be 'none' or 'tanh', got ${approximate}`)
  return byInput(
    'gelu()',
    `${phi}\nreturn [z * Phi]`,
    `${phi}\nreturn [d * (Phi + z * ${density} * Math.exp(-0.5 * z * z))]`,
  )
}

const sigma = 'const s = 1 / (1 + Math.exp(-z))'

/**
 * x·σ(x), also called swish.
 * Source    Ramachandran et al. 2017, arXiv:1710.05941; torch.nn.SiLU.   Tests  test/nn/layers/activations.test.ts
 * @example  const model = sequential(linear(64, 128), silu(), linear(128, 10))
 */
export const silu = (): Layer =>
  byInput('silu()', `${sigma}\nreturn [z * s]`, `${sigma}\nreturn [d * s * (1 + z * (1 - s))]`)

/**
 * σ(x) = 1/(1 + e⁻ˣ), between 0 and 1.
 * Source    torch.nn.Sigmoid.   Tests  test/nn/layers/activations.test.ts
 * @example  const model = sequential(linear(64, 1), sigmoid())
 */
export const sigmoid = (): Layer =>
  byResult('sigmoid()', { value: '1 / (1 + Math.exp(-z))', slope: 'd * y * (1 - y)' })

/**
 * tanh(x), between −1 and 1.
 * Source    torch.nn.Tanh.   Tests  test/nn/layers/activations.test.ts
 * @example  const model = sequential(linear(64, 128, { init: xavierNormal() }), tanh(), linear(128, 10))
 */
export const tanh = (): Layer =>
  byResult('tanh()', { value: 'Math.tanh(z)', slope: 'd * (1 - y * y)' })

/** ln(1 + e) for a small e ≥ 0 to the last digit: what 1 + e was rounded by cancels in the quotient. */
export const log1p = `const u = 1 + e
const log1p = u === 1 ? e : e * Math.log(u) / (u - 1)`

/**
 * ln(1 + eˣ), a smooth relu. From 20 on it is x, as in PyTorch.
 * Source    torch.nn.Softplus.   Tests  test/nn/layers/activations.test.ts
 * @example  const model = sequential(linear(64, 1), softplus()) // above 0
 */
export const softplus = (): Layer =>
  byInput(
    'softplus()',
    `const e = Math.exp(-Math.abs(z))\n${log1p}\nreturn [z > 20 ? z : Math.max(z, 0) + log1p]`,
    `${sigma}\nreturn [z > 20 ? d : d * s]`,
  )

/**
 * ln σ(x) = −ln(1 + e⁻ˣ), which does not overflow.
 * Source    torch.nn.LogSigmoid.   Tests  test/nn/layers/activations.test.ts
 * @example  const model = sequential(linear(64, 1), logSigmoid())
 */
export const logSigmoid = (): Layer =>
  byInput(
    'logSigmoid()',
    `const e = Math.exp(-Math.abs(z))\n${log1p}\nreturn [Math.min(z, 0) - log1p]`,
    'return [d / (1 + Math.exp(z))]',
  )
