import { records } from '../../src/host/records.js'
import { displaySymbol, type MimeBundle } from '../../src/host/types.js'

/** More rows or columns than these say nothing that somebody reads. */
const most = { rows: 100, columns: 30 }

/** An array of records, plain objects of single values, as an HTML table; undefined for anything else. */
export function tableHtml(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const rows = value.slice(0, most.rows)
  if (!rows.every(isRecord)) return undefined
  const columns = new Set(rows.flatMap(Object.keys))
  if (columns.size === 0 || columns.size > most.columns) return undefined
  const all = value.length === rows.length
  const caption = all ? {} : { caption: `${rows.length} of ${value.length} rows` }
  const table = records(rows, caption)[displaySymbol]() as MimeBundle
  return String(table['text/html'])
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return (
    // Objects of another realm (vm) have another Object.prototype, above which is nothing either.
    (prototype === null || Object.getPrototypeOf(prototype) === null) &&
    Object.values(value).every(
      (field) => field === null || !/^(object|function)$/.test(typeof field),
    )
  )
}
