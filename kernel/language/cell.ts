import { declaredNames, guessedNames, type NameKind } from './names.js'

/** A cell as the module that the checker sees: prelude, the cell's own text, one line of exports. */
export interface CellModule {
  file: string
  code: string
  text: string
  /** Lines before the cell's first one. Columns are the cell's own. */
  offset: number
  names: Map<string, NameKind>
  parses: boolean
}

interface Origin {
  cell: number
  kind: NameKind
  /** The JSDoc of a `let`, which its `declare let` would lose. */
  doc: string
}

/** One name can be a value of one cell and a type of another. */
interface Entry {
  value?: Origin
  type?: Origin
}

const words = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu
const isValue = (kind: NameKind) => kind !== 'type'
const isType = (kind: NameKind) => kind !== 'const' && kind !== 'let' && kind !== 'function'
const isBoth = (kind: NameKind) => isValue(kind) && isType(kind)

/**
 * The names that the cells run so far have left behind, newest first come. Each cell is a module of its own; what it
 * sees of earlier ones stands in its prelude, which is frozen when the cell has run, so older cells keep their types.
 */
export class Scope {
  readonly #entries = new Map<string, Entry>()
  #count = 0

  private static file(cell: number): string {
    return `.tsnb-${cell}.ts`
  }

  /** The module of the current cell, and those of the next ones. */
  files(count: number): string[] {
    return Array.from({ length: count }, (_, ahead) => Scope.file(this.#count + ahead))
  }

  kind(name: string): NameKind | undefined {
    const entry = this.#entries.get(name)
    return (entry?.value ?? entry?.type)?.kind
  }

  /**
   * The current cell as a module. Its prelude brings the names that the cell's text mentions: with all of them a check
   * would take twice as long after some dozen cells. Completion wants `everyName`.
   */
  module(code: string, { everyName = false } = {}): CellModule {
    const mentioned = everyName ? undefined : new Set(code.match(words))
    const declared = declaredNames(code)
    const names = declared?.names ?? guessedNames(code)
    // TypeScript honours this comment in a file's first lines only.
    const unchecked = /^\s*\/\/ *@ts-nocheck\b/.test(code) ? '// @ts-nocheck\n' : ''
    const prelude = unchecked + this.#prelude(names, mentioned)
    const exports = [...names.keys()].filter((name) => !declared?.exported.has(name))
    // An export line after code that does not parse gives nonsense errors.
    const tail = declared ? `export { ${exports.join(', ')} };\n` : ''
    return {
      file: Scope.file(this.#count),
      code,
      text: `${prelude}\n${code}\n${tail}`,
      offset: prelude.split('\n').length,
      names,
      parses: declared !== undefined,
    }
  }

  /** Keeps the names of a cell that ran. Undefined if later cells can see nothing of it, so its module need not stay. */
  commit(code: string): CellModule | undefined {
    const declared = declaredNames(code)
    if (!declared?.declares) return undefined
    const module = this.module(code)
    for (const [name, kind] of declared.names) {
      const origin = { cell: this.#count, kind, doc: kind === 'let' ? docOf(code, name) : '' }
      const entry = this.#entries.get(name) ?? {}
      this.#entries.set(name, {
        ...withoutOwn(entry, kind),
        ...(isValue(kind) && { value: origin }),
        ...(isType(kind) && { type: origin }),
      })
    }
    this.#count += 1
    return module
  }

  reset(): void {
    this.#entries.clear()
    this.#count = 0
  }

  #prelude(own: Map<string, NameKind>, mentioned?: Set<string>): string {
    const imported = new Map<number, string[]>()
    let prelude = ''
    for (const [name, entry] of this.#entries) {
      if (mentioned && !mentioned.has(name)) continue
      const kind = own.get(name)
      const { value, type } = kind ? withoutOwn(entry, kind) : entry
      const split = value && type && value !== type
      if (value && (value.kind === 'let' || split)) {
        // An import cannot be assigned, nor stand beside an import of the same name.
        const keyword = value.kind === 'let' ? 'let' : 'const'
        prelude += `${value.doc}declare ${keyword} ${name}: typeof import("./.tsnb-${value.cell}").${name}; `
      }
      const origin = type ?? (value?.kind === 'let' ? undefined : value)
      if (origin) imported.set(origin.cell, [...(imported.get(origin.cell) ?? []), name])
    }
    for (const [cell, names] of imported)
      prelude += `import { ${names.join(', ')} } from "./.tsnb-${cell}"; `
    return prelude
  }
}

/** What is left of an earlier name when a cell declares it again as `kind`. */
function withoutOwn({ value, type }: Entry, kind: NameKind): Entry {
  return {
    ...(value && !isValue(kind) && !isBoth(value.kind) && { value }),
    ...(type && !isType(kind) && !isBoth(type.kind) && { type }),
  }
}

function docOf(code: string, name: string): string {
  const word = name.replaceAll('$', String.raw`\$`)
  const before = String.raw`(/\*\*(?:(?!\*/)[\s\S])*\*/)\s*(?:export\s+)?(?:let|var)\s+${word}(?![\w$])`
  const doc = new RegExp(before).exec(code)?.[1]
  return doc ? `\n${doc}\n` : ''
}
