import { checkOption, count, nonNegative } from '../backend/options.js'
import { program } from '../backend/rule.js'
import { checkParameters } from '../nn/parameters.js'
import { normals, seedOption } from '../nn/random.js'
import type { Tensor } from '../nn/tensor.js'

/** Options of `gradientNoise`. */
export interface GradientNoise {
  /** The variance of the first step. */
  eta?: number
  /** How fast it falls. */
  gamma?: number
  /** The same seed, step and parameters give the same noise. */
  seed?: number
}

/**
 * Adds noise to all gradients that becomes smaller over time: g ← g + σₜ·n, n normal, σₜ² = η / (1 + t)^γ, t = 0, 1, …
 * The noise is a function of seed, step and place: a run that is resumed goes on with the noise it would have had.
 * Source    Neelakantan et al. 2015, arXiv:1511.06807; they try η of 0.01, 0.3 and 1.   Defaults  η 0.01; γ 0.55, theirs.
 * Memory    The noise is drawn on the host, in float64, and written to the backend: a gradient's size each step.
 * Tests     test/regularizers/gradientNoise.test.ts
 * @throws RangeError for an option out of its range, or if there is no parameter
 * @example  loss.backward(); gradientNoise(model.parameters(), optimizer.steps, { eta: 0.3, seed: 1 }); optimizer.step()
 */
export function gradientNoise(
  params: readonly Tensor[],
  step: number,
  { eta = 0.01, gamma = 0.55, seed = 0 }: GradientNoise = {},
): void {
  checkOption('gradientNoise', 'the step', count(), step)
  checkOption('gradientNoise', 'eta', nonNegative(), eta)
  checkOption('gradientNoise', 'gamma', nonNegative(), gamma)
  checkOption('gradientNoise', 'seed', seedOption, seed)
  const add = program('(g, n, { sigma }) => [g + sigma * n]')
  const sigma = Math.sqrt(eta / (1 + step) ** gamma)
  for (const [k, param] of checkParameters('gradientNoise', params).entries()) {
    const { backend, gradient: grad } = param
    if (!grad) continue
    const noise = backend.write(normals(param.size, { seed, step, stream: k }))
    const [noisy] = backend.map(add, [grad.array, noise], { hypers: { sigma } })
    backend.release(noise)
    param.receive(noisy!)
  }
}
