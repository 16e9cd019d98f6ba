import { escapeHtml } from './escape.js'
import { type Displayable, displaySymbol, inspectSymbol } from './types.js'

type Cell = number | string | boolean | null | undefined

/** Options of `records`. */
export interface RecordsOptions<Row> {
  /** Digits after the point, for all columns or by column. Default: 6 significant digits. */
  digits?: number | Partial<Record<keyof Row & string, number>>
  /** Above the table; also what a screen reader announces. */
  caption?: string
  /** A remark for a cell that stands out ("differs"): shown in words beside the value, which is set in bold. */
  mark?(row: Row, column: keyof Row & string): string | undefined
}

/** A table that shows itself; `rows` are what it was made of. */
export interface Records<Row> extends Displayable {
  readonly rows: readonly Row[]
  /** The table as aligned text. */
  toString(): string
  /** @internal A console shows the table as text. */
  [inspectSymbol](): string
}

/**
 * Rows as a table, a column for each field that any of them has: aligned text, and an accessible HTML table.
 * @example records([{ t: 1, x: 1.99 }], { digits: { x: 4 }, caption: 'Adam on x²' })
 */
export function records<Row extends object>(
  rows: readonly Row[],
  options: RecordsOptions<Row> = {},
): Records<Row> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))] as (keyof Row & string)[]
  const cells = rows.map((row) =>
    columns.map((column) => ({
      text: format(row[column] as Cell, digitsOf(options.digits, column)),
      note: options.mark?.(row, column),
    })),
  )
  const { caption } = options
  const text = (): string => {
    const lines = [columns.map(String), ...cells.map((line) => line.map(textCell))]
    const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
    const body = lines.map((line) => line.map((cell, i) => cell.padStart(widths[i]!)).join('  '))
    return [...(caption === undefined ? [] : [caption]), ...body].join('\n')
  }
  return {
    rows,
    toString: text,
    [inspectSymbol]: text,
    [displaySymbol]: () => ({ 'text/plain': text(), 'text/html': html(columns, cells, caption) }),
  }
}

interface Shown {
  text: string
  note: string | undefined
}

const textCell = ({ text, note }: Shown): string =>
  note === undefined ? text : `${text} (${note})`

/** JupyterLab sets tables to the right, as numbers want it; who reads sentences wants them to begin at one place. */
const left = ' style="text-align:left"'
const isProse = ({ text }: Shown): boolean =>
  /\p{L}{2,} (.* )?\p{L}{2,}/u.test(text) && text.length > 30

function html(columns: string[], cells: Shown[][], caption: string | undefined): string {
  const aligned = columns.map((_, i) => (cells.some((line) => isProse(line[i]!)) ? left : ''))
  const head = columns
    .map((name, i) => `<th scope="col"${aligned[i]}>${escapeHtml(name)}</th>`)
    .join('')
  const lines = cells.map((line) => {
    const tds = line.map(({ text, note }, i) => {
      const value = escapeHtml(text)
      return note === undefined
        ? `<td${aligned[i]}>${value}</td>`
        : `<td${aligned[i]}><strong>${value}</strong> (${escapeHtml(note)})</td>`
    })
    return `<tr>${tds.join('')}</tr>`
  })
  const title = caption === undefined ? '' : `<caption>${escapeHtml(caption)}</caption>`
  return `<table>${title}<thead><tr>${head}</tr></thead><tbody>${lines.join('')}</tbody></table>`
}

function digitsOf(
  digits: number | Readonly<Record<string, number | undefined>> | undefined,
  column: string,
): number | undefined {
  return typeof digits === 'object' ? digits[column] : digits
}

function format(value: Cell, digits: number | undefined): string {
  if (typeof value !== 'number') return value === null || value === undefined ? '' : String(value)
  if (Number.isInteger(value) && Math.abs(value) < 1e6 && digits === undefined) return String(value)
  return digits === undefined ? String(Number(value.toPrecision(6))) : value.toFixed(digits)
}
