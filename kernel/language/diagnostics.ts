import type { CellModule } from './cell.js'
import { plainTypes } from './hover.js'
import type { LspDiagnostic, Position } from './lsp.js'
import type { NameKind } from './names.js'
import type { Diagnostic, Place } from './service.js'

/** A decorator whose type does not fit: no error of grammar, whatever its number. */
const decorators = new Set([1238, 1239, 1240, 1241, 1270, 1271, 1278, 1279, 1329])

/** Below 2000 stand the errors of the parser and of the grammar. */
export const isSyntaxCode = (code: number) => code > 0 && code < 2000 && !decorators.has(code)

/** TypeScript's "cannot find module", which an npm install in a cell may have cured meanwhile. */
export const isMissingModule = (code: number) => code === 2307

/**
 * "Implicitly has an 'any' type" in all its forms: notebook code is not annotated that far, and packages without
 * types are welcome. The four numbers in between are about control flow.
 */
const isImplicitAny = (code: number) =>
  code >= 7005 && code <= 7053 && !(code > 7026 && code < 7031)

/** Unused names: the next cell may use them. */
const unused = new Set([6133, 6138, 6192, 6196, 6198, 6199, 6205])

const assignedImport = 2632

/** The server's answer, in the cell's own lines: errors and warnings, sorted, one a place. */
export function diagnosticsOf(
  items: LspDiagnostic[],
  module: CellModule,
  kindOf: (name: string) => NameKind | undefined,
): Diagnostic[] {
  const lines = module.code.split('\n')
  const end = { line: lines.length - 1, column: lines.at(-1)!.length }
  const found = new Map<string, Diagnostic>()
  for (const { range, severity = 1, code: anyCode, message } of items) {
    const code = Number(anyCode) || 0
    if (severity > 2 || isImplicitAny(code) || unused.has(code)) continue
    // After a syntax error everything else is guesswork.
    if (!module.parses && !isSyntaxCode(code)) continue
    // Prelude and exports are ours. Only a cell that does not parse may be blamed for what stands behind it.
    const line = range.start.line - module.offset
    if (line < 0 || (line >= lines.length && module.parses)) continue
    const place = (position: Position): Place => {
      const own = position.line - module.offset
      return own < lines.length ? { line: own, column: position.character } : end
    }
    const start = place(range.start)
    const key = `${start.line}:${start.column}`
    if (found.has(key)) continue
    found.set(key, {
      severity: severity === 1 ? 'error' : 'warning',
      code,
      message: told(code, message, kindOf),
      start,
      end: place(range.end),
    })
  }
  return [...found.values()].sort(
    (a, b) => a.start.line - b.start.line || a.start.column - b.start.column,
  )
}

/** TypeScript's words, but where they name our machinery or leave out what to do. */
function told(
  code: number,
  message: string,
  kindOf: (name: string) => NameKind | undefined,
): string {
  if (code === assignedImport) return assignmentMessage(message, kindOf)
  return isMissingModule(code) ? missingModuleMessage(message) : typesOfCells(message)
}

/** One name of two cells is two types, which TypeScript tells apart by the file that we made of the cell. */
function typesOfCells(message: string): string {
  const [first = '', ...rest] = plainTypes(message).split('\n')
  const twins = /'([^']+)' is not assignable to [\w ]*'\1'/.test(first)
  const way = ' They are of two cells: make the value again, now that the name was declared again.'
  return [twins ? first + way : first, ...rest].join('\n')
}

function missingModuleMessage(message: string): string {
  const specifier = /'([^']+)'/.exec(message)?.[1] ?? ''
  if (/^\.{0,2}\//.test(specifier))
    return `Cannot find '${specifier}': no such file, seen from the notebook's folder.`
  const name = /^(?:@[^/]+\/)?[\w.-][^/:]*(?=\/|$)/.exec(specifier)?.[0]
  if (!name) return message
  return `Cannot find module '${specifier}'. Install it in the notebook's folder: npm install ${name}`
}

/** A name of an earlier cell reaches this one as an import; the learner never wrote one. */
function assignmentMessage(message: string, kindOf: (name: string) => NameKind | undefined) {
  const name = /'([^']+)'/.exec(message)?.[1] ?? ''
  const what = {
    const: 'a constant: declare it with let where it is made, or declare it again in this cell',
    function: 'a function: declare it again in this cell',
    class: 'a class: declare it again in this cell',
    import: 'an import: copy it into a variable of another name',
    let: 'both a variable and a type: give one of them another name',
    both: 'both a value and a type: declare it again in this cell',
    type: 'a type, not a variable',
  }[kindOf(name) ?? 'import']
  return `Cannot assign to '${name}': it is ${what}.`
}
