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
  /** What can be seen, in one sentence, for those who cannot. Default: title and axes. */
  alt?: string
}

/**
 * A learning-rate range test: the loss, and the smoothed one, against the rate, on a logarithmic axis.
 * @throws RangeError without rows
 * @example rangePlot([{ lr: 1e-3, loss: 2, smoothed: 2 }, { lr: 1e-2, loss: 1, smoothed: 1.5 }], { marks: { steepest: 1e-2 } })
 */
export function rangePlot(
  rows: readonly RangeRow[],
  { title = 'Learning-rate range test', marks = {}, alt }: RangePlot = {},
): Figure {
  if (rows.length === 0) throw new RangeError('rangePlot: there must be a row, got none')
  const x = rows.map(({ lr }) => lr)
  /** The marked dot lies on the smoothed line, at the tested rate that is nearest. */
  const at = (rate: number): number => {
    const far = (k: number) => Math.abs(Math.log10(x[k]! / rate))
    return [...x.keys()].reduce((a, b) => (far(b) < far(a) ? b : a))
  }
  const shown = Object.entries(marks).filter(([, rate]) => Number.isFinite(rate))
  return lines({
    title,
    xTitle: 'learning rate',
    yTitle: 'loss',
    logX: true,
    ...(alt !== undefined && { alt }),
    series: [
      { name: 'smoothed loss', x, y: rows.map(({ smoothed }) => smoothed) },
      { name: 'loss of the batch', x, y: rows.map(({ loss }) => loss), dash: 'dot' },
      ...shown.map(([name, rate]) => ({
        name: `${name}: ${Number(rate.toPrecision(2))}`,
        x: [rate],
        y: [rows[at(rate)]!.smoothed],
        markers: 'only' as const,
      })),
    ],
  })
}
