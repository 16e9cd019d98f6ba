import type { RandomPlace } from '../backend/backend.js'
import { checkOption, positive } from '../backend/options.js'
import { normals, uniforms24 } from './random.js'
import { sizeOf } from './sizes.js'

/** First values of a weight: `heNormal()`. Weights are [out, in, …], so one unit has size / out inputs. */
export type Init = (shape: readonly number[], place: RandomPlace) => Float64Array

/** Options of `heNormal`, `heUniform`, `xavierNormal` and `xavierUniform`. */
export interface InitOptions {
  /** Factor of the standard deviation. He's default is √2, which makes up for what relu cuts off; Xavier's is 1. */
  gain?: number
  /** What He's rule keeps as large as it was: the values (inputs of a unit) or the gradients (outputs). */
  fan?: 'in' | 'out'
}

/** How many numbers go into a unit, and how many units each goes to, as PyTorch counts: [out, in, …kernel]. */
function fans(shape: readonly number[]): { in: number; out: number } {
  const [out = 1, into = 1, ...kernel] = shape
  const field = sizeOf(kernel)
  return shape.length < 2 ? { in: out, out } : { in: into * field, out: out * field }
}

const uniformBelow =
  (bound: (shape: readonly number[]) => number): Init =>
  (shape, place) =>
    uniforms24(sizeOf(shape), place).map((u) => (2 * u - 1) * bound(shape))

const normalOf =
  (std: (shape: readonly number[]) => number): Init =>
  (shape, place) =>
    normals(sizeOf(shape), place).map((z) => z * std(shape))

function heStd(name: string, { gain = Math.SQRT2, fan = 'in' }: InitOptions) {
  checkOption(name, 'gain', positive(), gain)
  return (shape: readonly number[]) => gain / Math.sqrt(fans(shape)[fan])
}

function xavierStd(name: string, { gain = 1 }: InitOptions) {
  checkOption(name, 'gain', positive(), gain)
  return (shape: readonly number[]) => {
    const { in: into, out } = fans(shape)
    return gain * Math.sqrt(2 / (into + out))
  }
}

/**
 * He's normal distribution: mean 0, standard deviation gain/√fan. For layers before relu.
 * Source    He et al. 2015, arXiv:1502.01852, eq. 10; torch.nn.init.kaiming_normal_.
 * Defaults  gain √2, fan 'in'.   Tests  test/nn/init.test.ts
 * @throws RangeError unless gain > 0
 * @example  linear(64, 128, { init: heNormal() })
 */
export const heNormal = (options: InitOptions = {}): Init => normalOf(heStd('heNormal', options))

/**
 * He's uniform distribution: within ±√3·gain/√fan, whose standard deviation is that of `heNormal`.
 * Source    He et al. 2015, arXiv:1502.01852; torch.nn.init.kaiming_uniform_.
 * Defaults  gain √2, fan 'in'.   Tests  test/nn/init.test.ts
 * @throws RangeError unless gain > 0
 * @example  linear(64, 128, { init: heUniform({ fan: 'out' }) })
 */
export function heUniform(options: InitOptions = {}): Init {
  const std = heStd('heUniform', options)
  return uniformBelow((shape) => Math.sqrt(3) * std(shape))
}

/**
 * Xavier's (Glorot's) normal distribution: mean 0, standard deviation gain·√(2/(in + out)). For layers before tanh and sigmoid.
 * Source    Glorot & Bengio 2010; torch.nn.init.xavier_normal_.
 * Defaults  gain 1.   Tests  test/nn/init.test.ts
 * @throws RangeError unless gain > 0
 * @example  linear(64, 128, { init: xavierNormal({ gain: 5 / 3 }) })
 */
export const xavierNormal = (options: Omit<InitOptions, 'fan'> = {}): Init =>
  normalOf(xavierStd('xavierNormal', options))

/**
 * Xavier's (Glorot's) uniform distribution: within ±gain·√(6/(in + out)).
 * Source    Glorot & Bengio 2010, eq. 16; torch.nn.init.xavier_uniform_.
 * Defaults  gain 1.   Tests  test/nn/init.test.ts
 * @throws RangeError unless gain > 0
 * @example  linear(64, 128, { init: xavierUniform() })
 */
export function xavierUniform(options: Omit<InitOptions, 'fan'> = {}): Init {
  const std = xavierStd('xavierUniform', options)
  return uniformBelow((shape) => Math.sqrt(3) * std(shape))
}

/** Within ±1/√in: PyTorch's default for the weights of Linear and Conv2d. */
export const fanInUniform: Init = uniformBelow((shape) => 1 / Math.sqrt(fans(shape).in))

/** Within ±bound. */
export const uniformInit = (bound: number): Init => uniformBelow(() => bound)

/** The standard normal distribution: PyTorch's default for Embedding. */
export const standardNormal: Init = normalOf(() => 1)

/**
 * One value everywhere: `filled(0)`, `filled(1)`.
 * @example  linear(2, 1, { init: filled(0.5) })
 */
export const filled =
  (value: number): Init =>
  (shape) =>
    new Float64Array(sizeOf(shape)).fill(value)
