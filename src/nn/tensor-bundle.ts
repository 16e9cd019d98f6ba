import { escapeHtml } from '../host/escape.js'
import type { MimeBundle } from '../host/types.js'

interface Shape {
  readonly shape: readonly number[]
  data(): Promise<Float64Array>
  toString(): string
}

/** More rows and columns than these are told by a mark. */
const most = { rows: 12, columns: 10 }

/**
 * A tensor for a notebook: its name, shape and backend, and its values: a vector as one row, a matrix as rows, more
 * dimensions as the rows of the last. Without the values where they cannot be read any more.
 */
export async function tensorBundle(tensor: Shape): Promise<MimeBundle> {
  const title = tensor.toString()
  const values = await tensor.data().catch(() => undefined)
  if (!values || values.length === 0) return { 'text/plain': title }
  const columns = tensor.shape.at(-1) ?? 1
  const rows: string[][] = []
  for (let row = 0; row * columns < values.length && row < most.rows; row++) {
    const from = row * columns
    const shown = [...values.subarray(from, from + Math.min(columns, most.columns))]
    rows.push([...shown.map(short), ...(columns > most.columns ? ['…'] : [])])
  }
  if (values.length > most.rows * columns) rows.push(rows[0]!.map(() => '…'))
  return { 'text/plain': plain(title, rows), 'text/html': html(title, rows) }
}

const short = (value: number): string => String(Number(value.toPrecision(6)))

function plain(title: string, rows: string[][]): string {
  const width = Math.max(...rows.flat().map((cell) => cell.length))
  return [title, ...rows.map((row) => row.map((cell) => cell.padStart(width)).join('  '))].join(
    '\n',
  )
}

function html(title: string, rows: string[][]): string {
  const lines = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
  return `<table><caption style="white-space: nowrap; text-align: left">${escapeHtml(title)}</caption><tbody>${lines.join('')}</tbody></table>`
}
