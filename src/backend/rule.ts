import { Graph, type Node, type Reduction } from './graph.js'
import { parseRule, type Syntax } from './parse.js'

/** A rule as a graph: its inputs by position, its outputs in order, and every `const` it names. */
export interface Rule {
  readonly inputs: readonly Node[]
  readonly outputs: readonly Node[]
  readonly named: ReadonlyMap<string, Node>
  /** What is summed over tensors before the outputs can be computed, in order; those that they need. */
  readonly reductions: readonly Reduction[]
}

/** What a target compiles: the inputs that matter (positions), the uniform values to be passed in, the outputs. */
export interface Program {
  readonly inputs: readonly number[]
  readonly slots: readonly Node[]
  readonly outputs: readonly Node[]
}

export interface CompileOptions {
  /** Values known when compiling (flags as 0 and 1): what they decide is decided here, and costs nothing later. */
  statics?: Readonly<Record<string, number | string>>
  /** Hypers known not to be 0: tests against 0 are decided here too. */
  nonzero?: ReadonlySet<string>
  /** Position of an input that the rule sees negated (`maximize`). */
  negated?: number
  /** Position of an input that the rule sees multiplied by one more input, which follows the others (a clipped gradient). */
  scaled?: number
  /** Start of every message: "adamw". */
  name?: string
}

/**
 * Turns the source of one pure scalar function into a graph.
 * Parameters are array elements; a last destructured parameter holds numbers that are the same for every element.
 * @throws SyntaxError with the line, what came and what is allowed
 */
export function compileRule(source: string, options: CompileOptions = {}): Rule {
  const { statics = {}, nonzero, negated, scaled, name = 'rule' } = options
  const graph = new Graph(nonzero)
  const syntax = parseRule(source, name)
  const inputs = syntax.inputs.map((_, position) => graph.input(position))
  const scope = new Map<string, Node>()
  const factor = scaled === undefined ? undefined : graph.input(inputs.length)
  for (const [position, input] of syntax.inputs.entries()) {
    let node = inputs[position]!
    if (factor && position === scaled) {
      node = graph.apply('*', node, factor)
      graph.scaled = node
    }
    scope.set(input, position === negated ? graph.apply('negate', node) : node)
  }
  for (const [local, hyper] of syntax.hypers) {
    const known = Object.hasOwn(statics, hyper) ? statics[hyper] : undefined
    if (typeof known === 'string') scope.set(local, graph.word(known))
    else scope.set(local, known === undefined ? graph.hyper(hyper) : graph.number(known))
  }
  const { outputs, named } = buildRule(graph, syntax, scope)
  return { inputs, outputs, named, reductions: needed(graph.reductions, outputs) }
}

/** Adds a rule's consts and outputs to a graph, given what its arguments stand for (`scope` grows by the consts). */
export function buildRule(
  graph: Graph,
  { constants, outputs }: Syntax,
  scope: Map<string, Node>,
): Pick<Rule, 'outputs' | 'named'> {
  const named = new Map<string, Node>()
  for (const { name, build } of constants) {
    const node = build(graph, scope)
    scope.set(name, node)
    named.set(name, node)
  }
  return { outputs: outputs.map((build) => build(graph, scope)), named }
}

/** The reductions that the outputs rest on, also through others: a branch that was folded away needs none. */
function needed(reductions: readonly Reduction[], outputs: readonly Node[]): Reduction[] {
  const roots = [...outputs]
  const kept: Reduction[] = []
  for (const reduction of [...reductions].reverse()) {
    if (!inputsOf(roots).includes(reduction.position)) continue
    kept.unshift(reduction)
    roots.push(reduction.of)
  }
  return kept
}

/** Positions of the inputs that the nodes rest on. */
const inputsOf = (nodes: readonly Node[]): number[] =>
  elementwise(nodes)
    .filter((node) => node.op === 'input')
    .map((node) => node.value)
    .sort((a, b) => a - b)

/** A literal that is written into the code; every other uniform value becomes a slot, filled on each launch. */
export const isLiteral = (node: Node): boolean =>
  node.op === 'number' && Number.isFinite(node.value)

/** Nodes that each element computes, operands first: uniform ones are slots and stop the walk. */
export function elementwise(outputs: readonly Node[]): Node[] {
  const order = new Set<Node>()
  const visit = (node: Node) => {
    if (order.has(node)) return
    if (!node.uniform) for (const operand of node.args) visit(operand)
    order.add(node)
  }
  for (const output of outputs) visit(output)
  return [...order]
}

export function toProgram(outputs: readonly Node[]): Program {
  const nodes = elementwise(outputs)
  return {
    inputs: inputsOf(outputs),
    slots: nodes.filter((node) => node.uniform && !isLiteral(node)),
    outputs,
  }
}

const programs = new Map<string, Program>()

/** The program of a closed rule in the library's own text, compiled once: `program('(a, b) => [a * b]')`. */
export function program(source: string): Program {
  const found = programs.get(source)
  if (found) return found
  const made = toProgram(compileRule(source).outputs)
  programs.set(source, made)
  return made
}
