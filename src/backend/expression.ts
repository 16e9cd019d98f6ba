import {
  type AnyNode,
  type ConditionalExpression,
  type Expression,
  type Function as FunctionNode,
  parseExpressionAt,
} from 'acorn'
import { type Graph, isComparison, type Node, type Operation, operations } from './graph.js'
import { type Intrinsic, intrinsics } from './intrinsics.js'

/** Makes the graph of one expression, given what its names stand for. */
export type Build = (graph: Graph, scope: ReadonlyMap<string, Node>) => Node

/** Operations that a rule calls as Math.sqrt(…). */
const functions = Object.keys(operations).filter((op) => /^[a-z]{3,}$/.test(op) && op !== 'negate')

const allowed = `a rule may use numbers, its arguments, const, return, + - * / **, comparisons (joined by && and ||) or a flag as the test of … ? … : …, Math.${functions.join(', Math.')}, and norm, mean, sum and globalNorm from its last argument, which is taken apart where it stands: { lr, norm }`

/** A node type in words: "for statement". */
export const describe = (node: AnyNode): string =>
  node.type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()

/** The text of one rule, and its expressions turned into graph builders. */
export class RuleText {
  constructor(
    readonly source: string,
    readonly name: string,
  ) {}

  error(node: { start: number }, what: string): SyntaxError {
    const offset = node.start - this.#shift
    const line = this.source.slice(0, Math.max(0, offset)).split('\n').length
    return new SyntaxError(
      `${this.name}: ${what} is not supported, line ${line}: ${this.source.split('\n')[line - 1]?.trim()}\n${allowed}`,
    )
  }

  #shift = 1
  /** Local name → the intrinsic's own. */
  readonly intrinsics = new Map<string, Intrinsic>()

  /** An arrow or function is an expression; a method, as `rule(p, g) { … }` prints itself, needs braces around it. */
  parse(): FunctionNode {
    let failure: unknown
    for (const [before, after] of [
      ['(', ')'],
      ['({', '})'],
    ] as const) {
      try {
        const tree = parseExpressionAt(before + this.source + after, 0, { ecmaVersion: 2022 })
        const inner = tree.type === 'ObjectExpression' ? propertyValue(tree) : tree
        this.#shift = before.length
        if (inner?.type === 'ArrowFunctionExpression' || inner?.type === 'FunctionExpression')
          return inner
        throw this.error(tree, describe(tree))
      } catch (error) {
        failure ??= error
      }
    }
    throw failure instanceof SyntaxError && failure.message.startsWith(`${this.name}:`)
      ? failure
      : new SyntaxError(`${this.name}: cannot read the rule: ${(failure as Error).message}`)
  }

  /** Joined tests repeat their branches: were these read and built each time, the work would double with each level. */
  readonly #read = new WeakMap<Expression, Build>()

  value(node: Expression): Build {
    const known = this.#read.get(node)
    if (known) return known
    const build = this.#expression(node)
    const value = once((graph, scope) => this.#number(node, build(graph, scope)))
    this.#read.set(node, value)
    return value
  }

  #number(node: Expression, made: Node): Node {
    if (isComparison(made.op)) throw this.error(node, 'a comparison used as a number')
    if (made.op === 'word') throw this.error(node, JSON.stringify(made.name))
    return made
  }

  #apply(op: Operation, ...operands: Expression[]): Build {
    const builds = operands.map((operand) => this.value(operand))
    return (graph, scope) => graph.apply(op, ...builds.map((build) => build(graph, scope)))
  }

  #expression(node: Expression): Build {
    switch (node.type) {
      case 'ParenthesizedExpression':
        return this.#expression(node.expression)
      case 'Literal': {
        const { value } = node
        if (typeof value === 'string') return (graph) => graph.word(value)
        if (typeof value !== 'number') throw this.error(node, `${node.raw}`)
        return (graph) => graph.number(value)
      }
      case 'Identifier':
        return (graph, scope) => {
          const found = scope.get(node.name)
          if (found) return found
          if (node.name === 'Infinity') return graph.number(Number.POSITIVE_INFINITY)
          throw this.error(
            node,
            `"${node.name}", which is neither an argument nor a const of the rule,`,
          )
        }
      case 'MemberExpression':
        return this.#constant(node)
      case 'UnaryExpression':
        if (node.operator === '-') return this.#apply('negate', node.argument)
        if (node.operator === '+') return this.value(node.argument)
        throw this.error(node, `"${node.operator}"`)
      case 'BinaryExpression': {
        const { left, operator, right } = node
        if (left.type === 'PrivateIdentifier') throw this.error(node, 'a private name')
        if (operator === '**') return this.#power(left, right)
        if (operator === '===' || operator === '!==') return this.#equal(operator, left, right)
        if (!Object.hasOwn(operations, operator)) throw this.error(node, `"${operator}"`)
        return this.#apply(operator as Operation, left, right)
      }
      case 'ConditionalExpression':
        return this.#conditional(node)
      case 'CallExpression':
        return this.#call(node)
      default:
        throw this.error(node, describe(node))
    }
  }

  /** `!test` swaps the branches; a bare value, such as a flag, is true when it is not 0. */
  #conditional({ test, consequent, alternate }: ConditionalExpression): Build {
    if (test.type === 'ParenthesizedExpression')
      return this.#conditional({
        test: test.expression,
        consequent,
        alternate,
      } as ConditionalExpression)
    if (test.type === 'UnaryExpression' && test.operator === '!') {
      const swapped = { test: test.argument, consequent: alternate, alternate: consequent }
      return this.#conditional(swapped as ConditionalExpression)
    }
    if (test.type === 'LogicalExpression' && test.operator !== '??') {
      const { left, right } = test
      const second = { type: 'ConditionalExpression', test: right, consequent, alternate }
      const branches =
        test.operator === '&&'
          ? { consequent: second, alternate }
          : { consequent, alternate: second }
      return this.#conditional({ ...branches, test: left } as ConditionalExpression)
    }
    const condition = this.#expression(test)
    const branches = [this.value(consequent), this.value(alternate)]
    return (graph, scope) => {
      const made = condition(graph, scope)
      const truth = isComparison(made.op) ? made : graph.apply('!==', made, graph.number(0))
      return graph.apply('?', truth, ...branches.map((branch) => branch(graph, scope)))
    }
  }

  /** Of numbers, or of a word with a word. */
  #equal(op: '===' | '!==', left: Expression, right: Expression): Build {
    const [a, b] = [this.#expression(left), this.#expression(right)]
    return (graph, scope) => {
      const [x, y] = [a(graph, scope), b(graph, scope)]
      if (x.op === 'word' && y.op === 'word') return graph.apply(op, x, y)
      return graph.apply(op, this.#number(left, x), this.#number(right, y))
    }
  }

  /** x ** 2 … x ** 8 of an array element become products: exact, and defined for a negative x on a GPU too. */
  #power(left: Expression, right: Expression): Build {
    const [base, exponent] = [this.value(left), this.value(right)]
    return (graph, scope) => {
      const [x, n] = [base(graph, scope), exponent(graph, scope)]
      const small = n.op === 'number' && Number.isInteger(n.value) && n.value >= 1 && n.value <= 8
      if (x.uniform || !small) return graph.apply('pow', x, n)
      let product = x
      for (let k = 1; k < n.value; k++) product = graph.apply('*', product, x)
      return product
    }
  }

  #math(node: Expression | { type: 'Super' }): string | undefined {
    return node.type === 'MemberExpression' &&
      node.object.type === 'Identifier' &&
      node.object.name === 'Math' &&
      node.property.type === 'Identifier'
      ? node.property.name
      : undefined
  }

  #textOf(node: Expression): string {
    return this.source.slice(node.start - this.#shift, node.end - this.#shift)
  }

  #constant(node: Expression): Build {
    const name = this.#math(node)
    if (name !== 'PI' && name !== 'E') throw this.error(node, `"${this.#textOf(node)}"`)
    return (graph) => graph.number(Math[name])
  }

  #call(node: Extract<Expression, { type: 'CallExpression' }>): Build {
    const intrinsic =
      node.callee.type === 'Identifier' ? this.intrinsics.get(node.callee.name) : undefined
    const [only] = node.arguments
    if (intrinsic && node.arguments.length === 1 && only && only.type !== 'SpreadElement') {
      const operand = this.value(only)
      return (graph, scope) => {
        const x = operand(graph, scope)
        const inner = x.op === 'negate' ? x.args[0]! : x
        const gradient = inner === graph.scaled || (inner.op === 'input' && inner.value === 1)
        if (intrinsic === 'globalNorm' && !gradient)
          throw this.error(node, 'globalNorm of anything but the gradient')
        return intrinsics[intrinsic](graph, x)
      }
    }
    const name = this.#math(node.callee) as Operation | undefined
    const known = name && functions.includes(name) ? operations[name] : undefined
    if (!name || !known) throw this.error(node, `the call ${this.#textOf(node)}`)
    if (node.arguments.length !== known.arity)
      throw this.error(
        node,
        `Math.${name} with ${node.arguments.length} arguments (it takes ${known.arity})`,
      )
    return this.#apply(
      name,
      ...node.arguments.map((argument) => {
        if (argument.type === 'SpreadElement') throw this.error(argument, 'a spread')
        return argument
      }),
    )
  }
}

function once(build: Build): Build {
  let [of, among, made]: Partial<[Graph, ReadonlyMap<string, Node>, Node]> = []
  return (graph, scope) => {
    if (made && of === graph && among === scope) return made
    ;[of, among] = [graph, scope]
    made = build(graph, scope)
    return made
  }
}

function propertyValue(tree: Expression): Expression | undefined {
  if (tree.type !== 'ObjectExpression') return undefined
  const [property] = tree.properties
  return property?.type === 'Property' ? property.value : undefined
}
