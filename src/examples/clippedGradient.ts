import { reference } from '../backend/reference.js'
import { clipGradNorm } from '../clipping/clipGradNorm.js'
import { clipGradValue } from '../clipping/clipGradValue.js'
import { parameter, tensor } from '../nn/create.js'

/** Options of `clippedGradient`. */
export interface ClippedGradient {
  /** Largest norm, and largest size of one number. */
  limit?: number
  /** 1e-6 is PyTorch's rule, 0 Optax's. */
  eps?: number
}

/** One gradient, clipped both ways. */
export interface ClippedBothWays {
  norm: number
  /** Factor of the clipping by norm. */
  scale: number
  byNorm: number[]
  byValue: number[]
  /** Degrees by which each way turned the gradient. */
  turned: { byNorm: number; byValue: number }
}

const length = (a: readonly number[]): number => Math.hypot(...a)

/** The angle between two vectors, in degrees. */
function angle(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, x, i) => sum + x * b[i]!, 0)
  return (Math.acos(Math.min(1, dot / (length(a) * length(b)))) * 180) / Math.PI
}

/**
 * Worked example W2: g = [6, −8, 3, −4, 2] clipped to 5, by norm and by value. The norm keeps the direction, the value turns it.
 * @example (await clippedGradient()).scale // 0.4402…
 */
export async function clippedGradient(
  gradient: readonly number[] = [6, -8, 3, -4, 2],
  { limit = 5, eps = 1e-6 }: ClippedGradient = {},
): Promise<ClippedBothWays> {
  const float64 = { on: reference }
  const clipped = async (clip: (params: ReturnType<typeof parameter>[]) => void) => {
    const param = parameter(
      gradient.map(() => 0),
      float64,
    )
    param.grad = tensor(gradient, float64)
    clip([param])
    return [...(await param.grad.data())]
  }
  const byNorm = await clipped((params) => clipGradNorm(params, limit, { eps }))
  const byValue = await clipped((params) => clipGradValue(params, limit))
  const norm = length(gradient)
  return {
    norm,
    scale: Math.min(1, limit / (norm + eps)),
    byNorm,
    byValue,
    turned: { byNorm: angle(gradient, byNorm), byValue: angle(gradient, byValue) },
  }
}
