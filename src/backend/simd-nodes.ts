import { isComparison, type Node, type Operation } from './graph.js'
import { elementwise, isLiteral, type Program } from './rule.js'
import { inexactDivisions } from './simd-inverses.js'
import { cos, exp, largestAngle, log, pow, root, sin, tanh } from './simd-math.js'
import { type Vector, Vectors } from './simd-vectors.js'
import type { WasmFunction, WasmImports } from './wasm.js'
import type { Instruction } from './wasm-instructions.js'

const instructions: Partial<Record<Operation, Instruction>> = {
  '+': 'f32x4.add',
  '-': 'f32x4.sub',
  '*': 'f32x4.mul',
  '/': 'f32x4.div',
  '<': 'f32x4.lt',
  '<=': 'f32x4.le',
  '>': 'f32x4.gt',
  '>=': 'f32x4.ge',
  '===': 'f32x4.eq',
  '!==': 'f32x4.ne',
  negate: 'f32x4.neg',
  sqrt: 'f32x4.sqrt',
  abs: 'f32x4.abs',
  min: 'f32x4.min',
  max: 'f32x4.max',
  floor: 'f32x4.floor',
}

/** JavaScript's own functions, called for each element where an angle is large. */
const called = ['cos', 'sin'] as const

/** What is made of several instructions. */
const math = { pow, exp, log, cos, sin, tanh }

/** What a module imports besides its memory. */
export const mathImports = Object.fromEntries(called.map((name) => [name, Math[name]]))

/** How the code around a program gives it its inputs. */
export interface Sources {
  /** How often an input changes: 0 stays the same in the whole launch, each higher level is a loop further in. */
  level(position: number): number
  /** Puts four values of an input on the stack. */
  load(position: number): void
  /** Puts a slot on the stack, four times. */
  slot(index: number): void
}

/** Writes what a program computes into a function, each node as far outside of the loops as its inputs allow. */
export class NodeWriter {
  readonly #f: WasmFunction
  readonly #program: Program
  readonly #sources: Sources
  readonly #nodes: readonly Node[]
  readonly #imports: (typeof called)[number][]
  /** Where the value of a node is. */
  readonly #places = new Map<Node, number>()
  readonly #levels = new Map<Node, number>()
  /** What divisions multiply by instead. */
  readonly #inverses = new Map<Node, Vector>()
  /** Whether the code that is written multiplies by what `invert` computed. */
  inverts = false

  constructor(f: WasmFunction, program: Program, sources: Sources) {
    this.#f = f
    this.#program = program
    this.#sources = sources
    this.#nodes = elementwise(program.outputs)
    const used = this.#nodes.map(({ op }) => op)
    this.#imports = called.filter((name) => used.includes(name))
  }

  /** What the module must import, as functions 0, 1, … */
  get imports(): WasmImports {
    return this.#imports.map((name) => [name, Math[name].length] as const)
  }

  /** Whether it takes many instructions. */
  get long(): boolean {
    return this.#nodes.length > 60 || this.#nodes.some(({ op }) => Object.hasOwn(math, op))
  }

  /** Computes the nodes of a level; once more, with other inputs, if it is called again. */
  compute(level: number): void {
    for (const node of this.#nodes) if (this.#level(node) === level) this.#compute(node)
  }

  #level(node: Node): number {
    const known = this.#levels.get(node)
    if (known !== undefined) return known
    const operands = node.uniform ? [] : node.args
    const level =
      node.op === 'input'
        ? this.#sources.level(node.value)
        : Math.max(0, ...operands.map((operand) => this.#level(operand)))
    this.#levels.set(node, level)
    return level
  }

  #keep(node: Node): void {
    const place = this.#places.get(node) ?? this.#f.local('v128')
    this.#f.set(place)
    this.#places.set(node, place)
  }

  /** Puts four values of a node that was computed on the stack. */
  put(node: Node): void {
    this.#f.get(this.#vector(node).local)
  }

  #compute(node: Node): void {
    if (isLiteral(node)) return
    if (node.uniform) this.#sources.slot(this.#program.slots.indexOf(node))
    else if (node.op === 'input') this.#sources.load(node.value)
    else this.#apply(node)
    this.#keep(node)
  }

  #apply(node: Node): void {
    const f = this.#f
    const op = node.op as Operation
    const [a, b, c] = node.args as [Node, Node, Node]
    if (op === '?') {
      this.put(b)
      this.put(c)
      this.put(a)
      if (!isComparison(a.op) || a.uniform) f.get(f.constant('vector', 0)).op('f32x4.ne') // from a number to a mask
      f.op('v128.bitselect')
    } else if (op === 'sign') this.#sign(a)
    else if (this.inverts && this.#inverses.has(node)) {
      f.get(this.#vector(a).local).get(this.#inverses.get(node)!.local).op('f32x4.mul')
    } else if (op === 'pow' && isLiteral(b) && b.value === 0.5) {
      f.get(root(new Vectors(f), this.#vector(a)).local)
    } else if (instructions[op]) {
      for (const operand of node.args) this.put(operand)
      f.op(instructions[op])
    } else this.#math(op as keyof typeof math, node.args)
  }

  /**
   * Computes 1/d of all d that stay the same in the launch and divide what does not, where that will do (`inexactDivisions`). If there are any,
   * puts on the stack whether all are normal numbers: only then may the loop multiply.
   */
  invert(): boolean {
    const v = new Vectors(this.#f)
    const inexact = inexactDivisions(this.#program.outputs)
    let normal: Vector | undefined
    for (const node of this.#nodes) {
      const d = node.args[1]!
      if (!inexact.has(node) || this.#level(node) === 0 || this.#level(d) > 0) continue
      const inverse = v.do('f32x4.div', 1, this.#vector(d))
      this.#inverses.set(node, inverse)
      const [a, b] = [this.#vector(d), inverse].map((x) => v.do('f32x4.abs', x))
      const fits = v.do('f32x4.ge', v.do('f32x4.min', a!, b!), 2 ** -126)
      normal = normal ? v.do('v128.and', normal, fits) : fits
    }
    this.inverts = normal !== undefined
    if (normal) this.#f.get(normal.local).op('v128.any_true') // all lanes are the same
    return this.inverts
  }

  /** 1 with the sign of x, or x itself where |x| is not > 0: so −0 and NaN stay. */
  #sign(x: Node): void {
    const v = new Vectors(this.#f)
    const value = this.#vector(x)
    const one = v.do('v128.or', v.do('v128.and', value, -(2 ** 31)), 0x3f800000) // 1, as bits
    const some = v.do('f32x4.gt', v.do('f32x4.abs', value), 0)
    this.#f.get(v.select(some, one, value).local)
  }

  #vector(node: Node): Vector {
    const local = isLiteral(node) ? this.#f.constant('vector', node.value) : this.#places.get(node)!
    return { local }
  }

  #math(op: keyof typeof math, operands: readonly Node[]): void {
    const f = this.#f
    const [x, y] = operands.map((operand) => this.#vector(operand))
    const result = math[op](new Vectors(f), x!, y!)
    if (op === 'sin' || op === 'cos') this.#angle(op, x!, result)
    else f.get(result.local)
  }

  /** Leaves `result`, or for four lanes of which one is too large an angle, what JavaScript's function says. */
  #angle(name: (typeof called)[number], x: Vector, result: Vector): void {
    const f = this.#f
    f.get(x.local).op('f32x4.abs').get(f.constant('vector', largestAngle)).op('f32x4.gt')
    f.op('v128.any_true').op('if')
    for (let lane = 0; lane < 4; lane++) {
      f.get(result.local).get(x.local).lane(lane)
      f.call(this.#imports.indexOf(name)).setLane(lane).set(result.local)
    }
    f.op('end').get(result.local)
  }
}
