/** A place in a cell's own TypeScript: 1-based line and column. */
export interface SourcePlace {
  line: number
  column: number
}

/** The lines around a place, the line marked, a caret under the column. */
export function frame(source: string, { line, column }: SourcePlace): string[] {
  const lines = source.split('\n')
  const last = Math.min(line + 1, lines.length)
  const width = String(last).length
  const out: string[] = []
  for (let n = Math.max(1, line - 1); n <= last; n++) {
    out.push(`${n === line ? '>' : ' '} ${String(n).padStart(width)} | ${lines[n - 1]}`)
    if (n === line) out.push(`${' '.repeat(width + 3)}| ${' '.repeat(Math.max(0, column - 1))}^`)
  }
  return out
}
