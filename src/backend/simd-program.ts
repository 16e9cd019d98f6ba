import { isComparison, type Node, type Operation } from './graph.js'
import { elementwise, isLiteral, type Program } from './rule.js'
import { cos, exp, largestAngle, log, pow, sin, tanh } from './simd-math.js'
import { type FoldKind, FoldWriter, overRows } from './simd-rows.js'
import { type Vector, Vectors } from './simd-vectors.js'
import { assemble, WasmFunction, type WasmImports, type WasmType } from './wasm.js'
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

/**
 * A module with one function `map` for all outputs. It takes the bytes of an output, then for each input an address (or, for
 * those in `single`, a float32), the slots, and the addresses of the outputs. An output may lie where an input lies.
 * With a `fold` the only output is not stored: `map` takes no address for it, and gives its sum or maximum, as float64.
 * A second function, `rows`, calls `map` for each row of a table.
 */
export function mapModule(
  program: Program,
  single: readonly number[],
  fold?: FoldKind,
): Uint8Array<ArrayBuffer> {
  return new MapCompiler(program, single, fold).module
}

class MapCompiler {
  readonly #program: Program
  readonly #f: WasmFunction
  readonly #nodes: NodeWriter
  readonly #at: number
  readonly #fold: FoldWriter | undefined

  constructor(program: Program, single: readonly number[], fold?: FoldKind) {
    this.#program = program
    const { inputs, slots, outputs } = program
    const params: WasmType[] = [
      'i32',
      ...inputs.map((position) => (single.includes(position) ? 'f32' : 'i32')),
      ...slots.map(() => 'f32' as const),
      ...(fold ? [] : outputs.map(() => 'i32' as const)),
    ]
    const f = new WasmFunction('map', params, fold && 'f64')
    this.#f = f
    this.#at = f.local('i32')
    this.#fold = fold && new FoldWriter(f, fold, { bytes: 0, at: this.#at })
    this.#nodes = new NodeWriter(f, program, {
      level: (position) => (single.includes(position) ? 0 : 1),
      load: (position) => {
        f.get(1 + inputs.indexOf(position))
        if (single.includes(position)) f.op('f32x4.splat')
        else f.get(this.#at).op('i32.add').load()
      },
      slot: (k) => f.get(1 + inputs.length + k).op('f32x4.splat'),
    })
  }

  get module(): Uint8Array<ArrayBuffer> {
    const { inputs, slots, outputs } = this.#program
    const f = this.#f
    const at = this.#at
    this.#nodes.compute(0)
    f.op('block').get(0).i32(1).op('i32.lt_u').jumpIf(0).op('loop')
    this.#nodes.compute(1)
    if (this.#fold) {
      this.#nodes.put(outputs[0]!)
      this.#fold.take()
    }
    for (const [k, output] of this.#fold ? [] : outputs.entries()) {
      f.get(1 + inputs.length + slots.length + k)
        .get(at)
        .op('i32.add')
      this.#nodes.put(output)
      f.store()
    }
    f.get(at).i32(16).op('i32.add').tee(at).get(0).op('i32.lt_u').jumpIf(0).op('end').op('end')
    this.#fold?.give()
    const { imports } = this.#nodes
    return assemble([f, overRows(f, imports.length)], imports)
  }
}

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
    if (isLiteral(node)) this.#f.get(this.#f.constant('vector', node.value))
    else this.#f.get(this.#places.get(node)!)
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
      if (!isComparison(a.op) || a.uniform) f.vector(0).op('f32x4.ne') // from a number to a mask
      f.op('v128.bitselect')
    } else if (op === 'sign') this.#sign(a)
    else if (instructions[op]) {
      for (const operand of node.args) this.put(operand)
      f.op(instructions[op])
    } else this.#math(op as keyof typeof math, node.args)
  }

  /** x itself where it is neither > 0 nor < 0: so −0 and NaN stay. */
  #sign(x: Node): void {
    const f = this.#f
    f.vector(1).vector(-1)
    this.put(x)
    this.put(x)
    f.vector(0).op('f32x4.lt').op('v128.bitselect')
    this.put(x)
    f.vector(0).op('f32x4.gt').op('v128.bitselect')
  }

  #math(op: keyof typeof math, operands: readonly Node[]): void {
    const f = this.#f
    const [x, y] = operands.map((operand) => {
      this.put(operand)
      const local = f.local('v128')
      f.set(local)
      return { local }
    })
    const result = math[op](new Vectors(f), x!, y!)
    if (op === 'sin' || op === 'cos') this.#angle(op, x!, result)
    else f.get(result.local)
  }

  /** Leaves `result`, or for four lanes of which one is too large an angle, what JavaScript's function says. */
  #angle(name: (typeof called)[number], x: Vector, result: Vector): void {
    const f = this.#f
    f.get(x.local).op('f32x4.abs').vector(largestAngle).op('f32x4.gt')
    f.op('v128.any_true').op('if')
    for (let lane = 0; lane < 4; lane++) {
      f.get(result.local).get(x.local).lane(lane)
      f.call(this.#imports.indexOf(name)).setLane(lane).set(result.local)
    }
    f.op('end').get(result.local)
  }
}
