import { frame } from '../evaluator/frame.js'
import type { Failure } from '../evaluator/protocol.js'
import { isSyntaxCode } from './diagnostics.js'
import type { Diagnostic } from './service.js'

/** More errors than this say no more than that something at the top is wrong. */
const shown = 10

/** Names that nothing has defined: TypeScript's codes for them, where it has no better guess. */
const notFound = [2304, 18004]
const wayOut = [
  'Is it made in a cell above? Then run that one first: in JupyterLab, menu Run, Run All Above Selected Cell.',
  'After a restart of the kernel nothing is there any more.',
]

/**
 * Diagnostics of a cell as an error output, told like an error of the running cell. `count` is the cell's number.
 *   TypeScriptError: Type 'number' is not assignable to type 'string'. (TS2322)
 *   > 1 | const a: string = 1
 *       |       ^
 *       at Cell 3:1:7
 */
export function typeFailure(code: string, found: Diagnostic[], count: number): Failure {
  const [first] = found
  const ename = first && isSyntaxCode(first.code) ? 'SyntaxError' : 'TypeScriptError'
  const traceback = found.slice(0, shown).flatMap(({ code: number, message, start, end }) => {
    const place = { line: start.line + 1, column: start.column + 1 }
    const length = end.line === start.line ? end.column - start.column : 1
    return [
      `${ename}: ${message}${number > 0 ? ` (TS${number})` : ''}`,
      ...frame(code, place, length),
      `    at Cell ${count}:${place.line}:${place.column}`,
    ]
  })
  const more = found.length - shown
  if (more > 0) traceback.push(`and ${more} more`)
  if (found.some(({ code: number }) => notFound.includes(number))) traceback.push(...wayOut)
  return { ename, evalue: first ? evalueOf(first, count) : '', traceback }
}

function evalueOf({ message, start }: Diagnostic, count: number): string {
  return `${message.split('\n')[0]} (Cell ${count}:${start.line + 1}:${start.column + 1})`
}
