import { extent } from './extent.js'
import { Figure } from './figure.js'
import { logLabels } from './ticks.js'

/**
 * The same figures with one scale for all, from the smallest to the largest number of any, so that heights may be compared between panels.
 * A linear scale begins at 0 where the numbers come near it.
 * @throws RangeError when one axis is logarithmic and another is not
 */
export function sameScale(figures: readonly Figure[], axis: 'x' | 'y'): Figure[] {
  const key = `${axis}axis` as const
  const [type, ...others] = new Set(figures.map(({ layout }) => layout[key].type))
  if (others.length > 0)
    throw new RangeError(`panels: same ${axis} needs axes of one kind, got linear and log ones`)
  const values = figures
    .flatMap(({ data }) => data.flatMap((trace) => trace[axis]))
    .filter((value) => value !== null && (type === 'linear' || value > 0))
    .map((value) => (type === 'log' ? Math.log10(value!) : value!))
  const found = extent(values)
  if (!found) return [...figures]
  const { min: low, max: high } = found
  const room = (high - low || Math.abs(high) || 1) / 25
  const fromZero = type === 'linear' && low >= 0 && low < high / 4
  const range =
    axis === 'x' ? ([low, high] as const) : ([fromZero ? 0 : low - room, high + room] as const)
  return figures.map(({ data, layout }) => {
    const { dtick, tickformat, ...own } = layout[key]
    const labels = type === 'log' ? logLabels(10 ** low, 10 ** high) : dtick && { dtick }
    return new Figure(data, { ...layout, [key]: { ...own, ...labels, range } })
  })
}
