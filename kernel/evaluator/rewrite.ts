import { type Node, type Program, parse } from 'acorn'
import { hook } from './hook.js'
import { importText } from './import-text.js'
import { isLabel, ownNames } from './own-names.js'
import { Pieces } from './pieces.js'
import { children, isEmpty, names, type Of, type Statement } from './syntax.js'
import type { Resources } from './using.js'

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
 *     (and what came of it to `__downhill.resume`),
 *     what `using` holds to `__downhill.use`
 */
export function rewrite(
  js: string,
  name: string,
  { source = js, resources = new Map() }: { source?: string; resources?: Resources } = {},
): Pieces {
  const program = parse(js, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    allowAwaitOutsideFunction: true,
  })
  return new Rewriter(js, program, { name, own: ownNames(program, name, source), resources }).run()
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
  readonly #own: ReadonlyMap<string, string>
  readonly #resources: Resources

  constructor(
    js: string,
    program: Program,
    { name, own, resources }: { name: string; own: Map<string, string>; resources: Resources },
  ) {
    this.#js = js
    this.#name = name
    this.#program = program
    this.#own = own
    this.#resources = resources
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
    const inScript = (name: string) => this.#own.get(name) ?? name
    const names = [...this.#vars]
      .filter((name) => !this.#functions.some((f) => f.name === name))
      .map(inScript)
    out.literal(`'use strict';${names.length > 0 ? `let ${names.join(', ')};` : ''}`)
    for (const { name, node } of this.#functions) {
      // Inside a function expression its own name is constant; a function that assigns it needs a declaration.
      const assigned = this.#assigned.has(name)
      out.literal(`let ${inScript(name)} = ${assigned ? '(() => {' : ''}`)
      this.#copy(out, node.start, node.end)
      out.literal(assigned ? `\nreturn ${inScript(name)} })();\n` : ';\n')
    }
    for (const node of this.#imports) out.literal(importText(node, this.#used), node.start)
    if (this.#imports.length > 0) out.literal(`${hook}.resume('${this.#name}');`)
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
        for (const { id, init } of node.declarations) {
          const waits = id.type === 'Identifier' ? this.#resources.get(id.name) : undefined
          if (waits !== undefined && init) this.#call(waits ? 'useAsync' : 'use', init)
        }
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
  #walk(node: Node, inside = false, label = false): void {
    switch (node.type) {
      case 'ImportExpression':
        this.#edit(node.start, node.start + 'import'.length, `${hook}.load`)
        break
      case 'MetaProperty':
        if (this.#js.startsWith('import', node.start))
          this.#edit(node.start, node.end, `${hook}.meta`)
        break
      case 'AwaitExpression':
        if (inside) break
        this.#call('resume', node)
        this.#call('hold', (node as Node & { argument: Node }).argument)
        break
      case 'ForOfStatement': {
        const loop = node as Of<'ForOfStatement'>
        if (loop.await && !inside) this.#call('holdEach', loop.right)
        break
      }
      case 'Identifier': {
        const { name } = node as Node & { name: string }
        const own = label ? undefined : this.#own.get(name)
        this.#used.add(name)
        if (own) this.#edit(node.start, node.end, own)
        break
      }
      case 'Property': {
        const { shorthand, key } = node as Node & { shorthand: boolean; key: Node }
        // `{ name }` is key and value in one.
        const own = shorthand && this.#own.has(this.#js.slice(key.start, key.end))
        if (own) this.#edit(key.start, key.start, `${this.#js.slice(key.start, key.end)}: `)
        break
      }
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
    const { shorthand } = node as Node & { shorthand?: boolean }
    for (const [key, child] of children(node)) {
      if (shorthand && key === 'key') continue
      const header = node.type.startsWith('For') && (key === 'left' || key === 'init')
      if (header && child.type === 'VariableDeclaration') this.#loopHeads.add(child)
      this.#walk(child, within, isLabel(node, key))
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
