import { adam } from '../optimizers/adam.js'
import { type TraceRow, trace } from '../optimizers/trace.js'

const digits = { g: 4, m: 4, v: 6, mHat: 4, vHat: 4, x: 4 }

/** A row of the table as text: t, and the numbers to the digits that were printed. */
export type AdamRow = { t: number } & Record<keyof typeof digits, string>

/** As a teaching text prints it: every intermediate rounded by hand. */
const printed: AdamRow[] = [
  { t: 1, g: '4.0000', m: '0.4000', v: '0.016000', mHat: '4.0000', vHat: '16.0000', x: '1.9900' },
  { t: 2, g: '3.9800', m: '0.7580', v: '0.031824', mHat: '3.9895', vHat: '15.9200', x: '1.9800' },
  { t: 3, g: '3.9600', m: '1.0782', v: '0.047474', mHat: '3.9786', vHat: '15.8406', x: '1.9700' },
]

/** What `threeAdamSteps` gives. */
export interface ThreeAdamSteps {
  /** The trace in float64. */
  rows: TraceRow[]
  /** The same, to the digits of the printed table. */
  computed: AdamRow[]
  printed: AdamRow[]
  /** The cells that differ in their last digit. */
  differs: { t: number; column: keyof typeof digits }[]
}

/**
 * Worked example W1: three steps of Adam on f(x) = x² from 2, α = 0.01, beside a table that was rounded by hand.
 * Early steps are about α long, whatever the gradient's size. One printed digit is off: v̂ of t = 2 was computed from a rounded v.
 * @example (await threeAdamSteps()).differs // [{ t: 2, column: 'vHat' }]
 */
export async function threeAdamSteps(): Promise<ThreeAdamSteps> {
  const options = { lr: 0.01 }
  const rows = await trace(adam, { start: 2, gradient: (x) => 2 * x, steps: 3, options })
  const columns = Object.keys(digits) as (keyof typeof digits)[]
  const computed = rows.map(({ t, ...row }) => {
    const texts = columns.map((column) => [column, row[column]!.toFixed(digits[column])])
    return { t, ...Object.fromEntries(texts) } as AdamRow
  })
  const differs = computed.flatMap((row, k) =>
    columns
      .filter((column) => row[column] !== printed[k]![column])
      .map((column) => ({ t: row.t, column })),
  )
  return { rows, computed, printed: printed.map((row) => ({ ...row })), differs }
}
