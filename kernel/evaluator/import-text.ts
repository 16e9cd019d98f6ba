import type { ImportDeclaration } from 'acorn'
import { hook } from './hook.js'

/** An import statement → an awaited call that binds the same names. `used`: names that the cell mentions elsewhere. */
export function importText(
  { specifiers, source, attributes }: ImportDeclaration,
  used: ReadonlySet<string>,
): string {
  const options = attributes?.length ? ', { with: { type: "json" } }' : ''
  if (specifiers.length === 0) return `await ${hook}.load(${source.raw}${options});\n`
  const wanted: string[] = []
  const bindings: string[] = []
  let all = ''
  for (const specifier of specifiers) {
    const local = specifier.local.name
    if (specifier.type === 'ImportNamespaceSpecifier') {
      all = local
      continue
    }
    const name =
      specifier.type === 'ImportDefaultSpecifier'
        ? 'default'
        : specifier.imported.type === 'Literal'
          ? String(specifier.imported.value)
          : specifier.imported.name
    bindings.push(`${JSON.stringify(name)}: ${local}`)
    if (used.has(local)) wanted.push(name)
  }
  const call = `await ${hook}.names(${source.raw}, ${JSON.stringify(wanted)}${options})`
  if (all === '') return `let { ${bindings.join(', ')} } = ${call};\n`
  const rest = bindings.length > 0 ? `let { ${bindings.join(', ')} } = ${all};\n` : ''
  return `let ${all} = await ${hook}.load(${source.raw}${options});\n${rest}`
}
