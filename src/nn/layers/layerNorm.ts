import { checkedOptions, flag, positive } from '../../backend/options.js'
import { parameter } from '../create.js'
import { filled } from '../init.js'
import { defineLayer, type Layer, type LayerParts } from '../layer.js'
import { byMiddle, normalize } from '../normalize.js'
import { sizeOf } from '../sizes.js'

/** Options of `layerNorm`. */
export interface LayerNorm {
  /** ε, added to the variance. */
  eps?: number
  /** Scales by a weight for each place, which is learned. */
  affine?: boolean
  /** Shifts by a bias for each place; only where `affine` is. */
  bias?: boolean
}

const spec = { eps: positive(1e-5), affine: flag(true), bias: flag(true) }

/**
 * Layer normalization: each row to mean 0 and variance 1, then scaled and shifted place by place. A row is what the last dimensions, of the given lengths,
 * hold. It does the same in training and evaluation.
 *   y = (x − μ)/√(σ² + ε)·w + b
 * Source    Ba et al. 2016, arXiv:1607.06450; torch.nn.LayerNorm: the variance is divided by n.
 * Defaults  ε = 1e-5, with weight (1) and bias (0), PyTorch's.   Memory  2 floats a place.   Tests  test/nn/layers/layerNorm.test.ts
 * @throws RangeError for an option out of its range; when called, unless the last dimensions are those
 * @example  const model = sequential(linear(64, 128), layerNorm(128), relu(), linear(128, 10))
 */
export function layerNorm(lengths: number | readonly number[], options: LayerNorm = {}): Layer {
  const { eps, affine, bias: withBias } = checkedOptions('layerNorm', spec, options)
  const shape = typeof lengths === 'number' ? [lengths] : [...lengths]
  if (shape.length === 0 || !shape.every((n) => Number.isInteger(n) && n >= 1))
    throw new RangeError(
      `layerNorm: each length must be a whole number ≥ 1, got [${shape.join(', ')}]`,
    )
  const n = sizeOf(shape)
  const nowhere = { seed: 0, step: 0, stream: 0 }
  const made = (value: number, called: string) =>
    parameter(filled(value)(shape, nowhere), { shape, name: `layerNorm.${called}` })
  const weight = affine ? made(1, 'weight') : undefined
  const bias = affine && withBias ? made(0, 'bias') : undefined
  const name = `layerNorm(${shape.join(', ')})`
  const definition: LayerParts = {
    name,
    parameters: { ...(weight && { weight }), ...(bias && { bias }) },
    keepsNothing: true,
    drawsNothing: true,
    forward(x) {
      const last = x.shape.slice(-shape.length)
      if (String(last) !== String(shape))
        throw new RangeError(
          `${name}: the last dimensions of its input must be [${shape.join(', ')}], got ${x}`,
        )
      const rows = x.size / n
      const groups = { repeat: n, sum: byMiddle(1, rows, n).sum }
      return normalize(x, { groups, n, eps }, { weight, bias, by: byMiddle(rows, n, 1) })
    },
    initialize() {
      weight?.replace(weight.backend.write(filled(1)(shape, nowhere)))
      bias?.replace(bias.backend.write(filled(0)(shape, nowhere)))
    },
  }
  return defineLayer(definition)
}
