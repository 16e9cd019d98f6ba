import { isSyntaxCode } from './diagnostics.js'
import type { Diagnostic } from './service.js'

/** The fields of Jupyter's `error` message. */
export interface FormattedError {
  ename: string
  evalue: string
  traceback: string[]
}

/** So much of a line is shown around its error; minified code has lines of a megabyte. */
const shownColumns = 100

/**
 * Errors of a cell as its error output. `cell` is how tracebacks name the cell.
 *   cell [3], line 2, column 7
 *     const a: string = 1
 *           ^
 *   Type 'number' is not assignable to type 'string'. (TS2322)
 */
export function formatErrors(
  code: string,
  diagnostics: Diagnostic[],
  { cell }: { cell: string },
): FormattedError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const [first] = errors
  const ename = first && isSyntaxCode(first.code) ? 'SyntaxError' : 'TypeScriptError'
  const evalue = first?.message.split('\n')[0] ?? ''
  const blocks = errors.map((error) => formatDiagnostic(code, error, { cell }))
  return { ename, evalue, traceback: [`${ename}: ${evalue}`, ...blocks] }
}

/** The same for a cell that runs all the same (types as warnings): text, and HTML of that text. */
export function formatWarnings(
  code: string,
  diagnostics: Diagnostic[],
  { cell }: { cell: string },
): { 'text/plain': string; 'text/html': string } {
  const text = diagnostics.map((one) => formatDiagnostic(code, one, { cell })).join('\n\n')
  return {
    'text/plain': text,
    'text/html': `<pre style="border-left: 3px solid #d69e2e; padding-left: 0.7em">${escapeHtml(text)}</pre>`,
  }
}

function formatDiagnostic(
  code: string,
  { code: number, message, start, end }: Diagnostic,
  { cell }: { cell: string },
): string {
  const source = code.split('\n')[start.line] ?? ''
  const from = Math.max(0, start.column - shownColumns)
  const line = source.slice(from, start.column + shownColumns)
  const until = end.line === start.line ? end.column : source.length
  const marked = source.slice(start.column, Math.min(until, from + line.length))
  const caret = blank(line.slice(0, start.column - from)) + '^'.repeat(widthOf(marked) || 1)
  const where = `${cell}, line ${start.line + 1}, column ${start.column + 1}`
  const label = number > 0 ? ` (TS${number})` : ''
  return `${where}\n  ${line.trimEnd()}\n  ${caret}\n${message}${label}`
}

const wide =
  /[\p{Extended_Pictographic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/** Blanks as wide as the text in a fixed-width font; a tab stays a tab. */
function blank(text: string): string {
  return Array.from(text, (char) => (char === '\t' ? '\t' : wide.test(char) ? '  ' : ' ')).join('')
}

const widthOf = (text: string) => blank(text).length

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
