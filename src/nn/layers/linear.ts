import { checkNames, checkOption, period } from '../../backend/options.js'
import { program } from '../../backend/rule.js'
import { parameter } from '../create.js'
import { fanInUniform, type Init, uniformInit } from '../init.js'
import { type Activation, defineLayer, type Layer, type LayerParts } from '../layer.js'
import { placeFor } from '../seed.js'
import type { Tensor } from '../tensor.js'

/** Options of `linear(inputs, outputs, options)`. */
export interface LinearOptions {
  /** Adds a number to each output. */
  bias?: boolean
  /** First weights; default: PyTorch's, uniform within ±1/√inputs. */
  init?: Init
  /** A seed of its own; default: the next stream of `manualSeed`. */
  seed?: number
}

const identity: Activation = { value: 'z', slope: 'd' }

/** y = x·Wᵀ + b with the last dimension of x, and an activation while the product is stored. */
export function applyLinear(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  activation = identity,
): Tensor {
  const { backend } = x
  const [outputs, inputs] = weight.shape as [number, number]
  if (x.shape.at(-1) !== inputs)
    throw new RangeError(
      `linear(${inputs}, ${outputs}): the last dimension of its input must be ${inputs}, got ${x}`,
    )
  if (weight.backend !== backend)
    throw new TypeError(
      `linear(${inputs}, ${outputs}): ${x} lives elsewhere than ${weight}; make both after useBackend`,
    )
  const rows = x.size / inputs
  const [left, right] = [x.array, weight.array]
  const { value, slope, hypers = {} } = activation
  const names = Object.keys(hypers).length > 0 ? `, { ${Object.keys(hypers).join(', ')} }` : ''
  const plain = activation === identity
  const finish =
    bias || !plain
      ? {
          program: program(
            bias
              ? `(p, b${names}) => { const z = p + b; return [${value}] }`
              : `(z${names}) => [${value}]`,
          ),
          inputs: bias ? [bias.array] : [],
          hypers,
        }
      : undefined
  const product = { rows, inner: inputs, columns: outputs, transposeB: true }
  const y = backend.matmul(left, right, product, finish)
  const parents = bias ? [x, weight, bias] : [x, weight]
  const shape = [...x.shape.slice(0, -1), outputs]
  return x.record(y, shape, parents, (d) => {
    const dz = plain
      ? d
      : backend.map(program(`(y, d${names}) => [${slope}]`), [y, d], { hypers })[0]!
    const given = (needed: Tensor | undefined, compute: () => ReturnType<typeof backend.write>) =>
      needed?.requiresGrad ? compute() : undefined
    const parts = [
      given(x, () => backend.matmul(dz, right, { rows, inner: outputs, columns: inputs })),
      given(weight, () =>
        backend.matmul(dz, left, { rows: outputs, inner: rows, columns: inputs, transposeA: true }),
      ),
      given(bias, () => backend.fold('sum', dz, { length: rows, inner: outputs })),
    ]
    if (dz !== d) backend.release(dz)
    return parts.slice(0, parents.length)
  })
}

/** The layer behind `linear(inputs, outputs)`. */
export function linearLayer(inputs: number, outputs: number, options: LinearOptions = {}): Layer {
  checkNames('linear', { bias: 0, init: 0, seed: 0 }, options)
  const { bias: withBias = true, init = fanInUniform, seed } = options
  checkOption('linear', 'inputs', period(), inputs)
  checkOption('linear', 'outputs', period(), outputs)
  const weight = parameter(new Float64Array(outputs * inputs), {
    shape: [outputs, inputs],
    name: 'linear.weight',
  })
  const bias = withBias ? parameter(new Float64Array(outputs), { name: 'linear.bias' }) : undefined
  const name = `linear(${inputs}, ${outputs})`
  const definition: LayerParts = {
    name,
    parameters: bias ? { weight, bias } : { weight },
    keepsNothing: true,
    forward: (x) => applyLinear(x, weight, bias),
    withActivation: (x, activation) => applyLinear(x, weight, bias, activation),
    initialize(place) {
      weight.replace(weight.backend.write(init(weight.shape, place)))
      const biases = uniformInit(1 / Math.sqrt(inputs))([outputs], { ...place, step: 1 })
      bias?.replace(bias.backend.write(biases))
    },
  }
  definition.initialize!(placeFor('linear', seed))
  return defineLayer(definition)
}
