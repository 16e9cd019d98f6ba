import type { Figure } from './figure.js'
import { lines, type Numbers } from './lines.js'

/** Options of `descentPlot`. */
export interface DescentPlot {
  title?: string
  /** `'x'`: where the parameter is after each step. `'step size'`: how far each step moved it, |xₜ − xₜ₋₁|. Default 'x'. */
  show?: 'x' | 'step size'
  /** Logarithmic vertical axis. Default false. */
  logY?: boolean
  /** What can be seen, in one sentence, for those who cannot. Default: title and axes. */
  alt?: string
}

/**
 * One parameter on its way down: x₀, x₁, x₂, … against the step, one line for each optimizer.
 * @throws RangeError when a path has fewer than two values
 * @example descentPlot({ Adam: [2, 1.99, 1.98, 1.97] }, { show: 'step size' })
 */
export function descentPlot(
  paths: Readonly<Record<string, Numbers>>,
  { title, show = 'x', logY = false, alt }: DescentPlot = {},
): Figure {
  const moved = show === 'step size'
  const series = Object.entries(paths).map(([name, path]) => {
    if (path.length < 2) {
      throw new RangeError(
        `descentPlot: path "${name}" needs a start and a step, got ${path.length} values`,
      )
    }
    const at = Array.from(path)
    const y = moved ? at.slice(1).map((x, k) => Math.abs(x - (at[k] ?? 0))) : at
    return { name, x: y.map((_, k) => (moved ? k + 1 : k)), y, markers: at.length <= 40 }
  })
  return lines({
    title: title ?? (moved ? 'Size of each step' : 'The parameter at each step'),
    xTitle: 'step',
    yTitle: moved ? '|Δx|' : 'x',
    series,
    logY,
    ...(alt !== undefined && { alt }),
  })
}
