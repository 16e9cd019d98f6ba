import type { Statement } from 'acorn'
import { type Build, describe, RuleText } from './expression.js'
import { isIntrinsic } from './intrinsics.js'

/** A rule's text, taken apart: what it is given, what it names on the way, what it returns. */
export interface Syntax {
  readonly inputs: readonly string[]
  /** Local name → the option's own name, which a minifier keeps. */
  readonly hypers: ReadonlyMap<string, string>
  readonly constants: readonly { name: string; build: Build }[]
  readonly outputs: readonly Build[]
}

/** Takes `source` (arrow, function or method) apart. Errors carry the rule's name and line. */
export function parseRule(source: string, name: string): Syntax {
  const text = new RuleText(source, name)
  const fn = text.parse()
  const hypers = new Map<string, string>()
  const inputs: string[] = []
  for (const param of fn.params) {
    if (param.type === 'Identifier') inputs.push(param.name)
    else if (param.type === 'ObjectPattern' && param === fn.params.at(-1)) {
      for (const property of param.properties) {
        if (
          property.type !== 'Property' ||
          property.key.type !== 'Identifier' ||
          property.value.type !== 'Identifier'
        )
          throw text.error(property, 'a default or a rest element among the options')
        const { name } = property.key
        if (isIntrinsic(name)) text.intrinsics.set(property.value.name, name)
        else hypers.set(property.value.name, name)
      }
    } else throw text.error(param, 'an argument that is neither a name nor a last { … }')
  }
  const statements: Statement[] =
    fn.body.type === 'BlockStatement'
      ? fn.body.body
      : [{ type: 'ReturnStatement', argument: fn.body, start: fn.body.start, end: fn.body.end }]
  const constants: { name: string; build: Build }[] = []
  for (const statement of statements) {
    if (
      statement.type === 'ReturnStatement' &&
      statement.argument &&
      statement === statements.at(-1)
    ) {
      const { argument } = statement
      const list = argument.type === 'ArrayExpression' ? argument.elements : [argument]
      const outputs = list.map((element) => {
        if (!element || element.type === 'SpreadElement')
          throw text.error(argument, 'a hole or a spread in the returned list')
        return text.value(element)
      })
      return { inputs, hypers, constants, outputs }
    }
    // A minifier may write let or var for const; nothing else assigns, so they mean the same.
    if (statement.type !== 'VariableDeclaration') throw text.error(statement, describe(statement))
    for (const { id, init } of statement.declarations) {
      if (id.type !== 'Identifier' || !init) throw text.error(id, 'a destructured const')
      constants.push({ name: id.name, build: text.value(init) })
    }
  }
  throw text.error(fn, 'a rule that does not end in return')
}
