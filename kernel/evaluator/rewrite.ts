import { type Node, type Program, parse } from 'acorn'
import { hook } from './hook.js'
import { importText } from './import-text.js'
import { Pieces } from './pieces.js'

type Statement = Program['body'][number]
type Of<T extends Statement['type']> = Extract<Statement, { type: T }>

interface Edit {
  start: number
  end: number
  text: string
}

/**
 * JavaScript of a module → JavaScript for V8's REPL mode, as pieces that know where they came from:
 *   - imports become awaited calls, because a script has none; `export` is dropped
 *   - top-level const, var and function become let: V8 redeclares let over let, and nothing else across kinds
 *   - functions and imports move to the front and var names are declared there, as hoisting has it
 *   - the value of a last expression is handed to `__downhill.value`, what is awaited at the top to `__downhill.hold`
 */
export function rewrite(js: string, name: string): Pieces {
  const program = parse(js, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    allowAwaitOutsideFunction: true,
  })
  return new Rewriter(js, program, name).run()
}

class Rewriter {
  readonly #js: string
  readonly #program: Program
  readonly #edits: Edit[] = []
  readonly #vars = new Set<string>()
  readonly #functions: { name: string; node: Node }[] = []
  readonly #imports: Of<'ImportDeclaration'>[] = []
  /** Names that the code mentions; an import that is never used may be a type. */
  readonly #used = new Set<string>()

  readonly #assigned = new Set<string>()
  readonly #name: string

  constructor(js: string, program: Program, name: string) {
    this.#js = js
    this.#name = name
    this.#program = program
  }

  run(): Pieces {
    const { body } = this.#program
    for (const statement of body) this.#statement(statement)
    const last = body.findLast((statement) => !isEmpty(statement))
    if (last?.type === 'ExpressionStatement') this.#value(last)
    this.#edits.sort((a, b) => a.start - b.start || a.end - b.end)
    return this.#assemble()
  }

  #assemble(): Pieces {
    const out = new Pieces(this.#js)
    const names = [...this.#vars].filter((name) => !this.#functions.some((f) => f.name === name))
    out.literal(`'use strict';${names.length > 0 ? `let ${names.join(', ')};` : ''}`)
    for (const { name, node } of this.#functions) {
      // Inside a function expression its own name is constant; a function that assigns it needs a declaration.
      const assigned = this.#assigned.has(name)
      out.literal(`let ${name} = ${assigned ? '(() => {' : ''}`)
      this.#copy(out, node.start, node.end)
      out.literal(assigned ? `\nreturn ${name} })();\n` : ';\n')
    }
    for (const node of this.#imports) out.literal(importText(node, this.#used), node.start)
    const moved = [...this.#functions.map(({ node }) => node), ...this.#imports]
    moved.sort((a, b) => a.start - b.start)
    let at = 0
    for (const { start, end } of moved) {
      this.#copy(out, at, start)
      at = end
    }
    this.#copy(out, at, this.#js.length)
    out.literal('\n;void 0')
    return out
  }

  /** Copies a range of the input with its edits. */
  #copy(out: Pieces, from: number, to: number): void {
    let at = from
    for (const { start, end, text } of this.#edits) {
      if (start < from || end > to) continue
      out.copy(at, start)
      out.literal(text, start)
      at = end
    }
    out.copy(at, to)
  }

  #edit(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text })
  }

  #statement(node: Statement): void {
    switch (node.type) {
      case 'ImportDeclaration':
        this.#imports.push(node)
        return
      case 'ExportAllDeclaration':
        this.#edit(node.start, node.end, `await ${hook}.load(${node.source.raw});`)
        return
      case 'ExportNamedDeclaration':
        if (node.declaration) {
          this.#edit(node.start, node.declaration.start, '')
          this.#statement(node.declaration)
        } else {
          const { source } = node
          this.#edit(node.start, node.end, source ? `await ${hook}.load(${source.raw});` : '')
        }
        return
      case 'ExportDefaultDeclaration':
        this.#exportDefault(node)
        return
      case 'FunctionDeclaration':
        this.#functions.push({ name: node.id.name, node })
        this.#walk(node)
        return
      case 'VariableDeclaration':
        if (node.kind === 'const') this.#edit(node.start, node.start + 'const'.length, 'let')
        this.#walk(node)
        return
      default:
        this.#walk(node)
    }
  }

  #exportDefault(node: Of<'ExportDefaultDeclaration'>): void {
    const { declaration } = node
    const named = 'id' in declaration && declaration.id
    if (named && declaration.type === 'FunctionDeclaration') {
      this.#edit(node.start, declaration.start, '')
      this.#statement(declaration as Of<'FunctionDeclaration'>)
      return
    }
    this.#edit(node.start, declaration.start, named ? '' : '(')
    if (!named) this.#edit(declaration.end, declaration.end, ');')
    this.#walk(declaration)
  }

  /** Looks for what a REPL script cannot have, anywhere in the code; `inside`: within a function, where var stays. */
  #walk(node: Node, inside = false): void {
    switch (node.type) {
      case 'ImportExpression':
        this.#edit(node.start, node.start + 'import'.length, `${hook}.load`)
        break
      case 'MetaProperty':
        if (this.#js.startsWith('import', node.start))
          this.#edit(node.start, node.end, `${hook}.meta`)
        break
      case 'AwaitExpression':
        if (!inside) this.#call('hold', (node as Node & { argument: Node }).argument)
        break
      case 'ForOfStatement': {
        const loop = node as Of<'ForOfStatement'>
        if (loop.await && !inside) this.#call('holdEach', loop.right)
        break
      }
      case 'Identifier':
        this.#used.add((node as Node & { name: string }).name)
        break
      case 'AssignmentExpression': {
        const { left } = node as Node & { left: Node }
        for (const name of names(left)) this.#assigned.add(name)
        break
      }
      case 'VariableDeclaration': {
        const declaration = node as Of<'VariableDeclaration'>
        if (declaration.kind === 'var' && !inside) this.#var(declaration)
        break
      }
    }
    const within = inside || /Function|StaticBlock/.test(node.type)
    for (const [key, child] of Object.entries(node)) {
      const header = node.type.startsWith('For') && (key === 'left' || key === 'init')
      for (const item of Array.isArray(child) ? child : [child]) {
        if (!isNode(item)) continue
        if (header && item.type === 'VariableDeclaration') this.#loopHeads.add(item)
        this.#walk(item, within)
      }
    }
  }

  readonly #loopHeads = new Set<Node>()

  /** `var a = 1, {b} = o;` → `(a = 1), ({b} = o);` with the names declared in front; in a loop's head without parentheses. */
  #var(node: Of<'VariableDeclaration'>): void {
    const bare = this.#loopHeads.has(node) && node.declarations.every(({ init }) => !init)
    for (const { id } of node.declarations) for (const name of names(id)) this.#vars.add(name)
    const [first] = node.declarations
    this.#edit(node.start, first!.start, bare || !first!.init ? '' : '(')
    node.declarations.forEach((declaration, index) => {
      if (bare || !declaration.init) return
      if (index > 0) this.#edit(declaration.start, declaration.start, '(')
      this.#edit(declaration.end, declaration.end, ')')
    })
  }

  #value({ start, end }: Of<'ExpressionStatement'>): void {
    this.#call('value', { start, end: this.#js[end - 1] === ';' ? end - 1 : end })
  }

  /** Hands an expression to one of our functions, with the cell's name. */
  #call(what: string, { start, end }: { start: number; end: number }): void {
    this.#edit(start, start, `${hook}.${what}('${this.#name}', (`)
    this.#edit(end, end, '))')
  }
}

/** Says nothing: `;`, and what swc appends: `var x;` for a namespace, `export { }` for a dropped import. */
function isEmpty(statement: Statement): boolean {
  if (statement.type === 'ExportNamedDeclaration')
    return !statement.declaration && !statement.source
  if (statement.type !== 'VariableDeclaration') return statement.type === 'EmptyStatement'
  return statement.kind === 'var' && statement.declarations.every(({ init }) => !init)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

/** Names bound by a pattern. */
function names(pattern: Node): string[] {
  const node = pattern as Node & Record<string, unknown>
  if (node.type === 'Identifier') return [String(node.name)]
  if (node.type === 'Property') return names(node.value as Node)
  const inner = [node.properties, node.elements, node.left, node.argument].flat()
  return inner.filter(isNode).flatMap(names)
}
