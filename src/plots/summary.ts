import { extent } from './extent.js'
import type { Figure, LineTrace } from './figure.js'

/** Six significant digits: enough to compare with a printed table, short enough to read. */
export function short(value: number): string {
  return String(Number(value.toPrecision(6)))
}

function axis(letter: 'x' | 'y', { data, layout }: Figure): string {
  const { title, type } = layout[`${letter}axis`]
  const range = extent(data.flatMap((trace) => trace[letter]))
  return `${letter}: ${title.text}${type === 'log' ? ' (log scale)' : ''}${range ? `, ${short(range.min)} to ${short(range.max)}` : ''}`
}

function series({ name, x, y, mode, hoverinfo }: LineTrace): string {
  if (mode === 'none') {
    const half = y.length / 2
    const [high, low] = [y[half - 1], y[half]]
    return typeof low !== 'number' || typeof high !== 'number'
      ? `${name}: a band without a point`
      : `${name}: band, at last ${short(low)} to ${short(high)}`
  }
  if (hoverinfo === 'skip') return `${name}: lines of equal value`
  const range = extent(y)
  if (!range) return `${name}: ${y.length} points, none finite`
  const shown = y.filter((value) => value !== null)
  const gaps = y.length - range.count
  return [
    `${name}: ${y.length} points`,
    `first ${short(shown[0] ?? Number.NaN)}`,
    `last ${short(shown.at(-1) ?? Number.NaN)}`,
    `min ${short(range.min)}`,
    `max ${short(range.max)} at ${short(x[range.at] ?? range.at)}`,
    ...(gaps > 0 ? [`${gaps} not finite`] : []),
  ].join(', ')
}

/** What is left of a figure where nothing can be drawn: its lines of text/plain, and the description of its picture. */
export function summary(figure: Figure): string {
  return [
    `Figure: ${figure.layout.title.text}`,
    axis('x', figure),
    axis('y', figure),
    ...figure.data.map(series),
  ].join('\n')
}
