/** What a rule may compute: arity and meaning of each operation. Comparisons give 1 or 0 and only serve as tests of `?`. */
export const operations = {
  '+': { arity: 2, apply: (a, b) => a + b },
  '-': { arity: 2, apply: (a, b) => a - b },
  '*': { arity: 2, apply: (a, b) => a * b },
  '/': { arity: 2, apply: (a, b) => a / b },
  '<': { arity: 2, apply: (a, b) => Number(a < b) },
  '<=': { arity: 2, apply: (a, b) => Number(a <= b) },
  '>': { arity: 2, apply: (a, b) => Number(a > b) },
  '>=': { arity: 2, apply: (a, b) => Number(a >= b) },
  '===': { arity: 2, apply: (a, b) => Number(a === b) },
  '!==': { arity: 2, apply: (a, b) => Number(a !== b) },
  '?': { arity: 3, apply: (test, yes, no) => (test ? yes : no) },
  negate: { arity: 1, apply: (a) => -a },
  pow: { arity: 2, apply: (a, b) => a ** b },
  sqrt: { arity: 1, apply: Math.sqrt },
  abs: { arity: 1, apply: Math.abs },
  sign: { arity: 1, apply: Math.sign },
  min: { arity: 2, apply: Math.min },
  max: { arity: 2, apply: Math.max },
  exp: { arity: 1, apply: Math.exp },
  log: { arity: 1, apply: Math.log },
  cos: { arity: 1, apply: Math.cos },
  sin: { arity: 1, apply: Math.sin },
  tanh: { arity: 1, apply: Math.tanh },
  floor: { arity: 1, apply: Math.floor },
} satisfies Record<string, { arity: number; apply(...args: number[]): number }>

export type Operation = keyof typeof operations

export const isComparison = (op: string): boolean => /^[<>=!]/.test(op)

/**
 * One value of a rule. `input`: an element of an array (position `value`); `hyper`: a number known before the launch;
 * `number`: a literal; `word`: one that is only compared. `uniform`: made of hypers and literals alone, so the host computes it, in float64.
 */
export interface Node {
  readonly id: number
  readonly op: Operation | 'input' | 'hyper' | 'number' | 'word'
  readonly args: readonly Node[]
  readonly value: number
  readonly name: string
  readonly uniform: boolean
}

/** A sum of an expression over a whole tensor; what follows sees it as an input of length 1, at `position`. */
export interface Reduction {
  readonly of: Node
  readonly position: number
  /** Over all tensors of the optimizer, not over one. */
  readonly everywhere: boolean
}

/** Builds a directed acyclic graph in which equal expressions are one node, and known ones are folded. */
export class Graph {
  readonly #nodes = new Map<string, Node>()
  #inputs = 0
  /** In an order in which each needs only earlier ones. */
  readonly reductions: Reduction[] = []
  /** A clipped gradient: input 1 times its factor. */
  scaled: Node | undefined

  /** `nonzero`: hypers known not to be 0, so that `momentum === 0` is settled. */
  constructor(readonly nonzero: ReadonlySet<string> = new Set()) {}

  number(value: number): Node {
    return this.#make('number', [], { value: value === 0 ? 0 : value })
  }

  input(position: number): Node {
    this.#inputs = Math.max(this.#inputs, position + 1)
    return this.#make('input', [], { value: position })
  }

  word(name: string): Node {
    return this.#make('word', [], { name })
  }

  /** Σ of `of` over the tensor, or over all tensors. */
  sum(of: Node, everywhere = false): Node {
    const found = this.reductions.find((one) => one.of === of && one.everywhere === everywhere)
    if (found) return this.input(found.position)
    const sum = this.input(this.#inputs)
    this.reductions.push({ of, position: sum.value, everywhere })
    return sum
  }

  hyper(name: string): Node {
    return this.#make('hyper', [], { name })
  }

  apply(op: Operation, ...args: Node[]): Node {
    return this.#fold(op, args) ?? this.#make(op, args, {})
  }

  /** Known operands vanish, as they do in PyTorch, where a weight decay of 0 is not computed. */
  #fold(op: Operation, args: Node[]): Node | undefined {
    const [a, b, c] = args as [Node, Node, Node]
    if (args.every((node) => node.op === 'number'))
      return this.number(
        operations[op].apply(...(args.map((node) => node.value) as [number, number, number])),
      )
    const is = (node: Node, value: number) => node.op === 'number' && node.value === value
    if ((op === '===' || op === '!==') && a.op === 'hyper' && is(b, 0) && this.nonzero.has(a.name))
      return this.number(Number(op === '!=='))
    if (a.op === 'word' && b.op === 'word') return this.number(Number((a === b) === (op === '===')))
    if (op === '?' && a.op === 'number') return a.value ? b : c
    if (op === '*' && (is(a, 0) || is(b, 0))) return this.number(0)
    if (op === '*' && is(a, 1)) return b
    if ((op === '*' || op === '/') && is(b, 1)) return a
    if (op === '+' && is(a, 0)) return b
    if ((op === '+' || op === '-') && is(b, 0)) return a
    return undefined
  }

  #make(op: Node['op'], args: readonly Node[], leaf: { value?: number; name?: string }): Node {
    const { value = 0, name = '' } = leaf
    const key = `${op} ${args.map((node) => node.id)} ${value} ${name}`
    const found = this.#nodes.get(key)
    if (found) return found
    const uniform = op === 'input' ? false : args.every((node) => node.uniform)
    const node: Node = { id: this.#nodes.size, op, args, value, name, uniform }
    this.#nodes.set(key, node)
    return node
  }
}

/** Uniform nodes in an order in which each finds its operands computed, and where the wanted ones are. */
interface Tape {
  readonly nodes: readonly Node[]
  readonly operands: readonly (readonly number[])[]
  readonly wanted: readonly number[]
}

const tapes = new WeakMap<readonly Node[], Tape>()

function tapeOf(wanted: readonly Node[]): Tape {
  const places = new Map<Node, number>()
  const place = (node: Node): number => {
    if (!places.has(node)) {
      for (const operand of node.args) place(operand)
      places.set(node, places.size)
    }
    return places.get(node)!
  }
  const ends = wanted.map(place)
  const nodes = [...places.keys()]
  const operands = nodes.map(({ args }) => args.map((operand) => places.get(operand)!))
  return { nodes, operands, wanted: ends }
}

/** Computes uniform nodes on the host, in float64, each once. The order is found once for each list of nodes. */
export function evaluate(
  nodes: readonly Node[],
  hypers: Readonly<Record<string, number>>,
): number[] {
  let tape = tapes.get(nodes)
  if (!tape) {
    tape = tapeOf(nodes)
    tapes.set(nodes, tape)
  }
  const values: number[] = []
  for (let k = 0; k < tape.nodes.length; k++) {
    const node = tape.nodes[k]!
    if (node.op === 'number') values.push(node.value)
    else if (node.op === 'hyper') values.push(hyperOf(node, hypers))
    else if (node.op === 'input' || node.op === 'word')
      throw new Error(`rule: ${node.op} ${node.name} has no value on the host`)
    else values.push(applied(node.op, tape.operands[k]!, values))
  }
  return tape.wanted.map((place) => values[place]!)
}

/** Without a list of arguments made anew: this runs for each launch. `min` and `max` must get no third one. */
function applied(op: Operation, operands: readonly number[], values: readonly number[]): number {
  const { apply } = operations[op] as { apply(...operands: number[]): number }
  const a = values[operands[0]!]!
  if (operands.length === 1) return apply(a)
  const b = values[operands[1]!]!
  return operands.length === 2 ? apply(a, b) : apply(a, b, values[operands[2]!]!)
}

/** A flag that was not settled while compiling is 0 or 1. */
function hyperOf({ name }: Node, hypers: Readonly<Record<string, number>>): number {
  const value = hypers[name]
  if (value === undefined || !Object.hasOwn(hypers, name))
    throw new TypeError(`rule: "${name}" was not given a value`)
  return Number(value)
}
