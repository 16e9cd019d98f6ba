import {
  checkedOptions,
  checkOption,
  flag,
  period,
  positive,
  share,
} from '../../backend/options.js'
import { program } from '../../backend/rule.js'
import { parameter, tensor } from '../create.js'
import { filled } from '../init.js'
import { defineLayer, type Layer, type LayerParts } from '../layer.js'
import { byMiddle, normalize, normalizeBy, type Statistics } from '../normalize.js'
import { sizeOf } from '../sizes.js'
import type { Tensor } from '../tensor.js'

/** Options of `batchNorm`. */
export interface BatchNorm {
  /** The share of the new batch in the running statistics; null: the plain mean over all batches. */
  momentum?: number | null
  /** ε, added to the variance. */
  eps?: number
  /** Scales and shifts each channel by a weight and a bias that are learned. */
  affine?: boolean
  /** Keeps running statistics; without them, evaluation takes those of the batch too. */
  trackRunningStats?: boolean
}

const spec = { eps: positive(1e-5), affine: flag(true), trackRunningStats: flag(true) }
const running =
  '(mean, v, sum, squares, { n, m }) => [(1 - m) * mean + m * sum / n, (1 - m) * v + m * squares / (n - 1)]'

/** What `updateBatchNorm` needs of one. */
interface BatchStatistics {
  /** Forgets what it has seen; then each batch counts as much, or as before. */
  restart(equally: boolean): void
  resume(): void
}

const statisticsOf = new WeakMap<Layer, BatchStatistics>()
export const batchStatistics = (layer: Layer): BatchStatistics | undefined =>
  statisticsOf.get(layer)

/**
 * Batch normalization: each channel of a batch to mean 0 and variance 1, then scaled and shifted. The channels are the second dimension of [n, features]
 * or [n, features, length, …]; in evaluation, the running statistics take the place of the batch's.
 *   y = (x − μ)/√(σ² + ε)·w + b,   running ← (1 − m)·running + m·batch
 * Source    Ioffe & Szegedy 2015, arXiv:1502.03167; torch.nn.BatchNorm1d and 2d: the variance that normalizes is divided by n, that of the running
 *           statistics by n − 1.
 * Defaults  m = 0.1, ε = 1e-5, with weight (1) and bias (0), PyTorch's.   Memory  4 floats a channel.   Tests  test/nn/layers/batchNorm.test.ts
 * @throws RangeError for an option out of its range; when called, for another number of channels, or while training for one value a channel
 * @example
 * const model = sequential(linear(64, 128), batchNorm(128), relu(), linear(128, 10))
 * model.evaluate() // the running statistics
 */
export function batchNorm(features: number, { momentum = 0.1, ...options }: BatchNorm = {}): Layer {
  checkOption('batchNorm', 'features', period(), features)
  const { eps, affine, trackRunningStats } = checkedOptions('batchNorm', spec, options)
  if (momentum !== null) checkOption('batchNorm', 'momentum', share(), momentum)
  const name = `batchNorm(${features})`
  const filledWith = (value: number) => filled(value)([features], { seed: 0, step: 0, stream: 0 })
  const weight = affine ? parameter(filledWith(1), { name: 'batchNorm.weight' }) : undefined
  const bias = affine ? parameter(filledWith(0), { name: 'batchNorm.bias' }) : undefined
  const mean = tensor(filledWith(0), { name: 'batchNorm.runningMean' })
  const variance = tensor(filledWith(1), { name: 'batchNorm.runningVar' })
  const counts = { numBatchesTracked: 0 }
  let portion = momentum
  /** The running statistics take in a batch: in place, unless a graph needs the old ones. */
  const takeIn = (n: number, { sums, squares }: Statistics) => {
    counts.numBatchesTracked += 1
    const hypers = { n, m: portion ?? 1 / counts.numBatchesTracked }
    const inputs = [mean.array, variance.array, sums, squares]
    const into = [mean.free, variance.free]
    const [newMean, newVariance] = mean.backend.map(program(running), inputs, { hypers, into })
    mean.replace(newMean!)
    variance.replace(newVariance!)
  }
  const restart = () => {
    mean.replace(mean.backend.write(filledWith(0)))
    variance.replace(variance.backend.write(filledWith(1)))
    counts.numBatchesTracked = 0
  }
  const definition: LayerParts = {
    name,
    ...(weight && bias && { parameters: { weight, bias } }),
    ...(trackRunningStats && {
      buffers: { runningMean: mean, runningVar: variance },
      counts,
    }),
    keepsNothing: true,
    forward(x, { training }) {
      const [outer, inner] = viewOf(name, features, x)
      const by = byMiddle(outer, features, inner)
      if (!training && trackRunningStats)
        return normalizeBy(x, { mean, variance, eps }, { weight, bias, by })
      const n = outer * inner
      if (n < 2)
        throw new RangeError(
          `${name}: training needs more than one value a channel, got ${x}; take a larger batch, or evaluate()`,
        )
      const look = training && trackRunningStats ? (s: Statistics) => takeIn(n, s) : undefined
      return normalize(x, { groups: by, n, eps }, { weight, bias, by }, look)
    },
    initialize() {
      weight?.replace(weight.backend.write(filledWith(1)))
      bias?.replace(bias.backend.write(filledWith(0)))
      restart()
    },
    drawsNothing: true,
  }
  const layer = defineLayer(definition)
  if (trackRunningStats)
    statisticsOf.set(layer, {
      restart(equally) {
        restart()
        if (equally) portion = null
      },
      resume() {
        portion = momentum
      },
    })
  return layer
}

/** How many runs come before the channels, and how many values after them. */
function viewOf(name: string, features: number, x: Tensor): [number, number] {
  const { shape } = x
  if (shape.length < 2 || shape[1] !== features)
    throw new RangeError(
      `${name}: its input must be [n, ${features}] or [n, ${features}, …], got ${x}`,
    )
  return [shape[0]!, sizeOf(shape.slice(2))]
}
