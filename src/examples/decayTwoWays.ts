import { reference } from '../backend/reference.js'
import { parameter, tensor } from '../nn/create.js'
import { adam } from '../optimizers/adam.js'
import { adamw } from '../optimizers/adamw.js'
import { sgd } from '../optimizers/sgd.js'

/** One weight after the same steps with L2 in the gradient and with decay of the weight itself. */
export interface TwoDecays {
  weight: number
  l2: number
  decay: number
  difference: number
  /** √v̂ of Adam, by which L2 is divided, and decay is not. */
  rootVHat: number
}

/** What `decayTwoWays` walks. */
export interface DecayTwoWays {
  lr?: number
  weightDecay?: number
  steps?: number
}

/** Weights of one size whose gradients differ a thousandfold. */
const weights = [1, 1, 1, 1]
const scales = [0.01, 0.1, 1, 10]

/**
 * Worked example W6: L2 is not weight decay. The same λ, added to the gradient or taken from the weights: with SGD both are the same, with Adam
 * the L2 of a weight with large gradients nearly vanishes, since it is divided by √v̂.
 * @example (await decayTwoWays('sgd')).every(({ difference }) => Math.abs(difference) < 1e-12) // true
 */
export async function decayTwoWays(
  kind: 'sgd' | 'adam',
  { lr = 0.01, weightDecay = 0.1, steps = 20 }: DecayTwoWays = {},
): Promise<TwoDecays[]> {
  const float64 = { on: reference }
  const [a, b] = [parameter(weights, float64), parameter(weights, float64)]
  const options = { lr, weightDecay }
  const l2 = kind === 'sgd' ? sgd([a], options) : adam([a], options)
  const decay = kind === 'sgd' ? sgd([b], { lr }) : adamw([b], options)
  const observer = adam([parameter(weights, float64)], { lr: 0 })
  for (let t = 1; t <= steps; t++) {
    const gradient = tensor(
      scales.map((scale) => scale * Math.cos(t)),
      float64,
    )
    for (const param of [a, b, observer.groups[0]!.params[0]!]) param.grad = gradient
    // SGD without an option of its own: θ ← (1 − α·λ)·θ, then the step.
    if (kind === 'sgd') b.array = b.mul(1 - lr * weightDecay).array
    for (const optimizer of [l2, decay, observer]) optimizer.step()
  }
  const { arrays } = (await observer.stateDict()).params[0]!
  const [left, right] = [await a.data(), await b.data()]
  return weights.map((weight, i) => ({
    weight,
    l2: left[i]!,
    decay: right[i]!,
    difference: left[i]! - right[i]!,
    rootVHat: Math.sqrt(arrays.v![i]! / (1 - 0.999 ** steps)),
  }))
}
