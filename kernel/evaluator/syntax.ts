import type { Node, Program } from 'acorn'

export type Statement = Program['body'][number]
export type Of<T extends Statement['type']> = Extract<Statement, { type: T }>

/** Says nothing: `;`, and what swc appends: `var x;` for a namespace, `export { }` for a dropped import. */
export function isEmpty(statement: Statement): boolean {
  if (statement.type === 'ExportNamedDeclaration')
    return !statement.declaration && !statement.source
  if (statement.type !== 'VariableDeclaration') return statement.type === 'EmptyStatement'
  return statement.kind === 'var' && statement.declarations.every(({ init }) => !init)
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

/** Nodes directly below a node, with the name of the field that they stand in. */
export function* children(node: Node): Generator<[string, Node]> {
  for (const [key, child] of Object.entries(node))
    for (const item of Array.isArray(child) ? child : [child]) if (isNode(item)) yield [key, item]
}

/** Names bound by a pattern. */
export function names(pattern: Node): string[] {
  const node = pattern as Node & Record<string, unknown>
  if (node.type === 'Identifier') return [String(node.name)]
  if (node.type === 'Property') return names(node.value as Node)
  const inner = [node.properties, node.elements, node.left, node.argument].flat()
  return inner.filter(isNode).flatMap(names)
}

/** Names that a statement declares for the whole script. */
export function declared(statement: Statement): string[] {
  switch (statement.type) {
    case 'VariableDeclaration':
      return statement.declarations.flatMap(({ id }) => names(id))
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return [statement.id.name]
    case 'ExportNamedDeclaration':
      return statement.declaration ? declared(statement.declaration) : []
    default:
      return []
  }
}

/** Whether anything in the code declares that name: a variable, a parameter, an import. */
export function binds(node: Node, name: string): boolean {
  const { type, id, params, param, local } = node as Node & Record<string, unknown>
  const bound = /^(Variable|Function|Class|Arrow|Catch|Import)/.test(type)
    ? [id, params, param, local].flat().filter(isNode).flatMap(names)
    : []
  if (bound.includes(name)) return true
  for (const [, child] of children(node)) if (binds(child, name)) return true
  return false
}
