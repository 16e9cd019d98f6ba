import type * as Swc from '@swc/core'
import type { Declaration, ModuleItem, ParseOptions, Pattern } from '@swc/core'
import { lazily } from '../lazily.js'
import { survives } from './trial.js'

/**
 * What declared a name: decides how a later cell sees it, and the words when it may not be assigned.
 * `const`, `let` and `function` are values, `type` is a type, the others are (or may be) both.
 */
export type NameKind = 'const' | 'let' | 'function' | 'type' | 'class' | 'import' | 'both'

export interface Declared {
  names: Map<string, NameKind>
  /** Names that the cell itself exports. */
  exported: Set<string>
  /** False for a cell of statements alone: nothing of it is visible to later cells. */
  declares: boolean
}

const cellSyntax: ParseOptions = {
  syntax: 'typescript',
  target: 'es2022',
  decorators: true,
  tsx: false,
}

/** Takes 30 ms. */
export const loadParser = lazily<typeof Swc>('@swc/core')

/** swc's recursion overflows the native stack at some thousand brackets, which would end this process. */
export const deepest = 500

export const tooDeep = (code: string): boolean => nesting(code) > deepest

function nesting(code: string): number {
  let depth = 0
  let most = 0
  for (const [bracket] of code.matchAll(/[()[\]{}]/g)) {
    if ('([{'.includes(bracket)) most = Math.max(most, ++depth)
    else depth--
  }
  return most
}

/** The statements of a cell, or undefined if it does not parse. */
export function parseCell(code: string): ModuleItem[] | undefined {
  if (code.trim() === '') return []
  if (tooDeep(code) || !survives({ how: 'parseSync', code, options: cellSyntax })) return undefined
  try {
    return loadParser().parseSync(code, cellSyntax).body
  } catch {
    return undefined
  }
}

/** The top-level names of a cell, or undefined if it does not parse. */
export function declaredNames(code: string): Declared | undefined {
  const body = parseCell(code)
  if (!body) return undefined
  const result: Declared = { names: new Map(), exported: new Set(), declares: false }
  for (const item of body) {
    if (item.type.endsWith('Declaration') || item.type.startsWith('Export')) result.declares = true
    collect(item, result)
  }
  return result
}

/** Names that a cell which does not parse seems to declare; only to keep them out of its prelude. */
export function guessedNames(code: string): Map<string, NameKind> {
  const declaration =
    /^[ \t]*(?:export\s+)?(?:declare\s+|abstract\s+|async\s+)*(?:const|let|var|function\*?|class|enum|type|interface|namespace)\s+([\w$]+)|^[ \t]*import\s+(?:\*\s+as\s+)?([\w$]+)/gm
  return new Map(
    Array.from(code.matchAll(declaration), ([, own, imported]) => [own ?? imported!, 'const']),
  )
}

function collect(item: ModuleItem, { names, exported }: Declared): void {
  const add = ([name, kind]: [string, NameKind]) => {
    const before = names.get(name)
    // `const User = …; type User = …`: one name, a value and a type.
    const merged = before && before !== kind && (before === 'type' || kind === 'type')
    names.set(name, merged ? 'both' : kind)
  }
  switch (item.type) {
    case 'ImportDeclaration':
      for (const { local } of item.specifiers) names.set(local.value, 'import')
      break
    case 'TsImportEqualsDeclaration':
      names.set(item.id.value, 'import')
      break
    case 'ExportDeclaration': {
      for (const declared of declarationNames(item.declaration)) {
        add(declared)
        exported.add(declared[0])
      }
      break
    }
    case 'ExportNamedDeclaration':
      for (const specifier of item.specifiers)
        if (specifier.type === 'ExportSpecifier')
          exported.add((specifier.exported ?? specifier.orig).value)
      break
    case 'ExportDefaultDeclaration': {
      const { decl } = item
      if (decl.type === 'FunctionExpression' && decl.identifier)
        names.set(decl.identifier.value, 'function')
      if (decl.type === 'ClassExpression' && decl.identifier)
        names.set(decl.identifier.value, 'class')
      break
    }
    default:
      for (const declared of declarationNames(item)) add(declared)
  }
}

/** swc's types lack `using`. */
interface UsingDeclaration {
  type: 'UsingDeclaration'
  decls: { id: Pattern }[]
}

function* declarationNames(
  item: Declaration | ModuleItem | UsingDeclaration,
): Generator<[string, NameKind]> {
  switch (item.type) {
    case 'VariableDeclaration':
      for (const { id } of item.declarations)
        for (const name of boundNames(id)) yield [name, item.kind === 'const' ? 'const' : 'let']
      break
    case 'UsingDeclaration':
      for (const { id } of item.decls) for (const name of boundNames(id)) yield [name, 'const']
      break
    case 'FunctionDeclaration':
      yield [item.identifier.value, 'function']
      break
    case 'ClassDeclaration':
      yield [item.identifier.value, 'class']
      break
    case 'TsEnumDeclaration':
      yield [item.id.value, 'both']
      break
    case 'TsInterfaceDeclaration':
    case 'TsTypeAliasDeclaration':
      yield [item.id.value, 'type']
      break
    case 'TsModuleDeclaration':
      if (!item.global && item.id.type === 'Identifier') yield [item.id.value, 'both']
      break
  }
}

function* boundNames(pattern: Pattern | undefined): Generator<string> {
  switch (pattern?.type) {
    case 'Identifier':
      yield pattern.value
      break
    case 'ArrayPattern':
      for (const element of pattern.elements) yield* boundNames(element)
      break
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'KeyValuePatternProperty') yield* boundNames(property.value)
        else if (property.type === 'RestElement') yield* boundNames(property.argument)
        else yield property.key.value
      }
      break
    case 'AssignmentPattern':
      yield* boundNames(pattern.left)
      break
    case 'RestElement':
      yield* boundNames(pattern.argument)
      break
  }
}
