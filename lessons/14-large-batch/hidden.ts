import { close, type Exercise, type Plain, type Random, withHints } from 'downhill'
import { between, listBetween, wholeBetween } from '../draw.js'
import hints from './hints.md'

const scaledRate: Exercise = {
  id: 'scaled-rate',
  functionName: 'newRate',
  checks: [
    {
      name: 'any-batch',
      points: 2,
      rule: 'lr·k for SGD, lr·√k for Adam, k = newBatch / batch',
      async test(student, random) {
        const [lr, batch] = [between(random, 0.5, 2), wholeBetween(random, 8, 64)]
        const times = wholeBetween(random, 3, 20)
        const linear = await student.call('newRate', [lr, batch, batch * times, 'sgd'])
        const root = await student.call('newRate', [lr, batch, batch * times, 'adam'])
        return close([linear, root], [lr * times, lr * Math.sqrt(times)])
      },
    },
    {
      name: 'smaller-batch',
      points: 1,
      rule: 'a smaller batch gets a smaller rate, by the same rules',
      async test(student, random) {
        const [lr, batch] = [between(random, 0.5, 2), wholeBetween(random, 8, 64)]
        const times = wholeBetween(random, 3, 20)
        const linear = await student.call('newRate', [lr, batch * times, batch, 'sgd'])
        const root = await student.call('newRate', [lr, batch * times, batch, 'adam'])
        return close([linear, root], [lr / times, lr / Math.sqrt(times)])
      },
    },
  ],
}

/** Room for an ε of 1e-8, and for its absence. */
const tolerance = 1e-6

const trustRatio: Exercise = {
  id: 'trust-ratio',
  functionName: 'trustRatio',
  checks: [
    {
      name: 'any-tensor',
      points: 2,
      rule: 'φ = η·‖w‖ / (‖g‖ + λ·‖w‖), for any tensor, η and λ',
      async test(student, random) {
        const weights = listBetween(random, wholeBetween(random, 3, 9), 0.5, 3)
        // g along w: there the paper's ‖g‖ + λ·‖w‖ is Optax's ‖g + λ·w‖.
        const times = between(random, 0.5, 3)
        const [eta, weightDecay] = [between(random, 0.5, 2), between(random, 0.3, 2)]
        const along = weights.map((w) => times * w)
        const got = await student.call('trustRatio', [weights, along, { eta, weightDecay }])
        // Any direction, but no λ: there a sum of absolute values is no norm.
        const across = weights.map((_, i) => (i === 0 ? times : 0))
        const bare = await student.call('trustRatio', [weights, across, { eta, weightDecay: 0 }])
        const want = [eta / (times + weightDecay), (eta * Math.hypot(...weights)) / times]
        return close([got, bare], want, { tolerance })
      },
    },
    {
      name: 'zero-weights',
      points: 1,
      rule: 'φ = 1 where ‖w‖ is 0: else a tensor of zeros would never move',
      async test(student, random) {
        const gradient = listBetween(random, 4, 0.5, 2)
        const eta = between(random, 0.1, 0.9)
        const got = await student.call('trustRatio', [
          [0, 0, 0, 0],
          gradient,
          { eta, weightDecay: 0.1 },
        ])
        return close(got, 1, { tolerance })
      },
    },
    {
      name: 'zero-gradient',
      points: 1,
      rule: 'φ = 1 where ‖g‖ is 0: not ∞, not NaN',
      async test(student, random) {
        const weights = listBetween(random, 4, 0.5, 2)
        const eta = between(random, 0.1, 0.9)
        const got = await student.call('trustRatio', [
          weights,
          [0, 0, 0, 0],
          { eta, weightDecay: 0 },
        ])
        return close(got, 1, { tolerance })
      },
    },
  ],
}

interface Options {
  lr: number
  weightDecay: number
}

/** LAMB's step from Adam's directions, tensor by tensor (You et al. 2020, Algorithm 2). */
function step(
  weights: number[][],
  directions: number[][],
  { lr, weightDecay }: Options,
): number[][] {
  return weights.map((w, k) => {
    const u = w.map((x, i) => directions[k]![i]! + weightDecay * x)
    const [wNorm, uNorm] = [Math.hypot(...w), Math.hypot(...u)]
    const ratio = wNorm > 0 && uNorm > 0 ? wNorm / uNorm : 1
    return w.map((x, i) => x - lr * ratio * u[i]!)
  })
}

/** Tensors of different lengths, the second much smaller; norms below 10, where torch-optimizer would cut them. */
function draw(random: Random): { weights: number[][]; directions: number[][]; options: Options } {
  const sizes = [wholeBetween(random, 2, 5), wholeBetween(random, 2, 5), 3]
  return {
    weights: sizes.map((n, k) => listBetween(random, n, 0.5, 2).map((x) => (k === 1 ? x / 10 : x))),
    directions: sizes.map((n) => listBetween(random, n, 0.3, 1)),
    options: { lr: between(random, 0.1, 0.5), weightDecay: between(random, 0.1, 0.5) },
  }
}

/** The length of what was taken off a tensor, or NaN where no list of numbers came. */
function moved(got: Plain, weights: number[][]): number[] {
  return weights.map((w, k) => {
    const row: Plain = Array.isArray(got) ? got[k] : undefined
    return Math.hypot(...w.map((x, i) => (Array.isArray(row) ? Number(row[i]) : Number.NaN) - x))
  })
}

const lambStep: Exercise = {
  id: 'lamb-step',
  functionName: 'lambStep',
  checks: [
    {
      name: 'any-tensors',
      points: 2,
      rule: 'w ← w − α·(‖w‖/‖u‖)·u for each tensor, u = direction + λ·w',
      async test(student, random) {
        const { weights, directions, options } = draw(random)
        const got = await student.call('lambStep', [weights, directions, { ...options }])
        return close(got, step(weights, directions, options), { tolerance })
      },
    },
    {
      name: 'length-of-a-move',
      points: 1,
      rule: 'each tensor moves by α times its own length',
      async test(student, random) {
        const { weights, directions, options } = draw(random)
        const got = await student.call('lambStep', [weights, directions, { ...options }])
        const want = weights.map((w) => options.lr * Math.hypot(...w))
        return close(moved(got, weights), want, { tolerance })
      },
    },
    {
      name: 'tensor-of-zeros',
      points: 1,
      rule: 'φ = 1 where ‖w‖ is 0: a fresh bias moves by α·direction; and where ‖u‖ is 0 nothing moves',
      async test(student, random) {
        const { weights, directions, options: drawn } = draw(random)
        const options = { ...drawn, weightDecay: 0.25 }
        const all = [...weights, [0, 0], [2, -4]]
        const along = [...directions, listBetween(random, 2, 0.3, 1), [-0.5, 1]]
        const got = await student.call('lambStep', [all, along, { ...options }])
        return close(got, step(all, along, options), { tolerance })
      },
    },
  ],
}

export const hidden: readonly Exercise[] = [scaledRate, trustRatio, lambStep].map((one) =>
  withHints(one, hints),
)
