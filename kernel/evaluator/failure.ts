import { inspect } from 'node:util'
import { labelledSource } from './cells.js'
import { CellSyntaxError } from './compile.js'
import { frame } from './frame.js'
import type { Failure } from './protocol.js'

/** Thrown in place of what an interrupt stopped. */
export class Interrupted extends Error {
  override name = 'Interrupted'

  constructor() {
    super('the cell was stopped by an interrupt; the variables are kept')
    this.stack = `${this.name}: ${this.message}`
  }
}

/** Whatever was thrown → name, message and traceback of an error output. */
export function failure(thrown: unknown, cell?: { label: string; source: string }): Failure {
  if (thrown instanceof CellSyntaxError && cell) return syntaxFailure(thrown, cell)
  if (!isError(thrown)) {
    const text = inspect(thrown)
    return { ename: 'Thrown', evalue: text, traceback: [`Thrown: ${text}`] }
  }
  const ename = String(thrown.name ?? 'Error')
  const evalue = String(thrown.message ?? '')
  const lines = describe(thrown).split('\n')
  const at = lines.findIndex((line) => line.startsWith('    at '))
  const place = /(Cell \d+):(\d+):(\d+)/.exec(lines.slice(Math.max(at, 0)).join('\n'))
  const source = place && labelledSource(place[1]!)
  const drawing =
    source && at >= 0 ? frame(source, { line: Number(place[2]), column: Number(place[3]) }) : []
  const head = at < 0 ? lines : lines.slice(0, at)
  return { ename, evalue, traceback: [...head, ...drawing, ...(at < 0 ? [] : lines.slice(at))] }
}

/** The stack, and those of the causes, with the fields that an error carries. */
function describe(error: Error): string {
  try {
    const text = inspect(error, { colors: false })
    // An inspector may bracket an error without frames: `[Error: x]`.
    return text.replace(/^\[(.*)\]$/s, '$1')
  } catch {
    return String(error.stack ?? `${error.name}: ${error.message}`)
  }
}

function syntaxFailure(error: CellSyntaxError, cell: { label: string; source: string }): Failure {
  const { place, message } = error
  const where = place ? `${cell.label}:${place.line}:${place.column}` : undefined
  return {
    ename: 'SyntaxError',
    evalue: where ? `${message} (${where})` : message,
    traceback: [
      `SyntaxError: ${message}`,
      ...(place ? frame(cell.source, place) : []),
      ...(where ? [`    at ${where}`] : []),
    ],
  }
}

function isError(value: unknown): value is Error {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value instanceof Error || Object.prototype.toString.call(value) === '[object Error]')
  )
}
