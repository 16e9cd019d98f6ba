import { type Records, records } from '../host/records.js'
import { displaySymbol, inspectSymbol, type MimeBundle } from '../host/types.js'

/** How bad it is: `critical` spoils the run or the conclusion, `major` most likely does, `medium` costs quality or time, `low` is a matter of taste. */
export type Severity = 'critical' | 'major' | 'medium' | 'low'

/** What a piece of advice rests on: a publication, a number that this package's tests or lessons compute, or experience that may not be yours. */
export type Evidence = 'paper' | 'measured here' | 'rule of thumb'

/** What every piece of advice says of itself. */
export interface Advised {
  /** Its name, which does not change: for texts, tests and switching off. */
  readonly code: string
  readonly why: string
  readonly source: string
  readonly evidence: Evidence
}

/** Most severe first. */
export const severities: readonly Severity[] = ['critical', 'major', 'medium', 'low']

/** How rows are told: `line` as text; `columns` gives what stands in the table where that is not the whole row. */
interface Telling<Row> {
  caption: string
  line: (row: Row, index: number) => string
  columns?: (row: Row) => object
}

/** What a piece of advice rests on, in one column: 'paper: Smith 2017'. */
export const basisOf = ({ evidence, source }: Advised): string => `${evidence}: ${source}`

/** A table whose text is lines: sentences make poor columns, so there should be few of them. */
export function told<Row extends object>(
  rows: readonly Row[],
  { caption, line, columns = (row) => row }: Telling<Row>,
): Records<Row> {
  const table = records(rows.map(columns), { caption })
  const text = () => [caption, ...rows.map(line)].join('\n')
  return {
    rows,
    toString: text,
    [inspectSymbol]: text,
    [displaySymbol]: (): MimeBundle => ({
      ...(table[displaySymbol]() as MimeBundle),
      'text/plain': text(),
    }),
  }
}

/** Rounded to three digits, as a sentence says a number. */
export const about = (value: number): string => String(Number(value.toPrecision(3)))
