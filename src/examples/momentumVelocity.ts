import { checkOption, nonNegative } from '../backend/options.js'

/** One step: the gradient, the velocity, and what a teaching text printed for it. */
export interface VelocityRow {
  t: number
  g: number
  v: number
  printed?: number
}

const printed = [2.0, 3.6, 4.7, 3.7]
const gradients = [2.0, 1.8, 1.5, -0.5]

/**
 * Worked example W4: velocities v ← β·v + g. The printed 4.7 and 3.7 are 4.74 and 3.766 cut short: each was computed from a rounded one.
 * @throws RangeError unless momentum ≥ 0
 * @example momentumVelocity()[2] // { t: 3, g: 1.5, v: 4.74, printed: 4.7 }
 */
export function momentumVelocity(
  given: readonly number[] = gradients,
  { momentum = 0.9 }: { momentum?: number } = {},
): VelocityRow[] {
  checkOption('momentumVelocity', 'momentum', nonNegative(), momentum)
  let v = 0
  const ours = given === gradients && momentum === 0.9
  return given.map((g, k) => {
    v = momentum * v + g
    return { t: k + 1, g, v, ...(ours && { printed: printed[k]! }) }
  })
}
