/** A place in a cell's own TypeScript: 1-based line and column. */
export interface SourcePlace {
  line: number
  column: number
}

/** So much of a line is shown on each side of the place; minified code has lines of a megabyte. */
const reach = 120

/** The lines around a place, the line marked, carets under the column and `length` columns of it. */
export function frame(source: string, { line, column }: SourcePlace, length = 1): string[] {
  const lines = source.split('\n')
  const last = Math.min(line + 1, lines.length)
  const width = String(last).length
  const from = Math.max(0, column - 1 - reach)
  const out: string[] = []
  for (let n = Math.max(1, line - 1); n <= last; n++) {
    const text = lines[n - 1]!.slice(from, column - 1 + reach)
    out.push(`${n === line ? '>' : ' '} ${String(n).padStart(width)} | ${text}`)
    if (n !== line) continue
    const before = blank(text.slice(0, column - 1 - from))
    const marked = blank(text.slice(column - 1 - from, column - 1 - from + length))
    out.push(`${' '.repeat(width + 3)}| ${before}${'^'.repeat(marked.length || 1)}`)
  }
  return out
}

const wide =
  /[\p{Extended_Pictographic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/** Blanks as wide as the text in a fixed-width font; a tab stays a tab. */
function blank(text: string): string {
  return Array.from(text, (char) => (char === '\t' ? '\t' : wide.test(char) ? '  ' : ' ')).join('')
}
