import type { Figure } from './figure.js'
import { lines } from './lines.js'

/** A step of a range test. */
export interface RangeRow {
  readonly lr: number
  readonly loss: number
  readonly smoothed: number
}

/** Options of `rangePlot`. */
export interface RangePlot {
  title?: string
  /** Rates to mark, by name. */
  marks?: Readonly<Record<string, number>>
}

/**
 * A learning-rate range test: the loss, and the smoothed one, against log₁₀ of the rate.
 * @throws RangeError without rows
 * @example rangePlot([{ lr: 1e-3, loss: 2, smoothed: 2 }, { lr: 1e-2, loss: 1, smoothed: 1.5 }], { marks: { steepest: 1e-2 } })
 */
export function rangePlot(
  rows: readonly RangeRow[],
  { title = 'Learning-rate range test', marks = {} }: RangePlot = {},
): Figure {
  if (rows.length === 0) throw new RangeError('rangePlot: there must be a row, got none')
  const x = rows.map(({ lr }) => Math.log10(lr))
  /** The marked dot lies on the smoothed line, at the tested rate that is nearest. */
  const at = (rate: number): number => {
    const far = (k: number) => Math.abs(x[k]! - Math.log10(rate))
    return [...x.keys()].reduce((a, b) => (far(b) < far(a) ? b : a))
  }
  const shown = Object.entries(marks).filter(([, rate]) => Number.isFinite(rate))
  return lines({
    title,
    xTitle: 'log₁₀ of the learning rate',
    yTitle: 'loss',
    series: [
      { name: 'smoothed loss', x, y: rows.map(({ smoothed }) => smoothed) },
      { name: 'loss of the batch', x, y: rows.map(({ loss }) => loss), dash: 'dot' },
      ...shown.map(([name, rate]) => ({
        name: `${name}: ${Number(rate.toPrecision(2))}`,
        x: [Math.log10(rate)],
        y: [rows[at(rate)]!.smoothed],
        markers: 'only' as const,
      })),
    ],
  })
}
