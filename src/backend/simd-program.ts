import { isComparison, type Node, type Operation } from './graph.js'
import { elementwise, isLiteral, type Program } from './rule.js'
import { assemble, type Instruction, WasmFunction, type WasmType } from './wasm.js'

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

/** What WebAssembly has no instruction for: JavaScript's own functions, called for each element. */
const called = ['pow', 'exp', 'log', 'cos', 'sin', 'tanh'] as const

/** What a module imports besides its memory. */
export const mathImports = Object.fromEntries(called.map((name) => [name, Math[name]]))

/**
 * A module with one function `map` for all outputs. It takes the bytes of an output, then for each input an address (or, for
 * those in `single`, a float32), the slots, and the addresses of the outputs. An output may lie where an input lies.
 */
export function mapModule(program: Program, single: readonly number[]): Uint8Array<ArrayBuffer> {
  return new MapCompiler(program, single).module
}

class MapCompiler {
  readonly #program: Program
  readonly #single: readonly number[]
  readonly #f: WasmFunction
  readonly #imports: (typeof called)[number][]
  /** Where the value of a node is. */
  readonly #places = new Map<Node, number>()

  constructor(program: Program, single: readonly number[]) {
    this.#program = program
    this.#single = single
    const { inputs, slots, outputs } = program
    const params: WasmType[] = [
      'i32',
      ...inputs.map((position) => (single.includes(position) ? 'f32' : 'i32')),
      ...slots.map(() => 'f32' as const),
      ...outputs.map(() => 'i32' as const),
    ]
    this.#f = new WasmFunction('map', params)
    const used = elementwise(outputs).map(({ op }) => op)
    this.#imports = called.filter((name) => used.includes(name))
  }

  get module(): Uint8Array<ArrayBuffer> {
    const { inputs, slots, outputs } = this.#program
    const f = this.#f
    const nodes = elementwise(outputs)
    const fixed = nodes.filter((node) => this.#isFixed(node))
    for (const node of fixed) this.#compute(node)
    const at = f.local('i32')
    f.op('block').get(0).i32(1).op('i32.lt_u').jumpIf(0).op('loop')
    for (const node of nodes) {
      if (node.op === 'input' && !this.#isFixed(node)) {
        f.get(1 + inputs.indexOf(node.value))
          .get(at)
          .op('i32.add')
          .load()
        this.#keep(node)
      } else if (!fixed.includes(node)) this.#compute(node)
    }
    for (const [k, output] of outputs.entries()) {
      f.get(1 + inputs.length + slots.length + k)
        .get(at)
        .op('i32.add')
      this.#put(output)
      f.store()
    }
    f.get(at).i32(16).op('i32.add').tee(at).get(0).op('i32.lt_u').jumpIf(0).op('end').op('end')
    const imports = this.#imports.map((name) => [name, Math[name].length] as const)
    return assemble([f], imports)
  }

  /** The same for all elements: computed once, before the loop. */
  #isFixed(node: Node): boolean {
    if (node.uniform) return true
    if (node.op === 'input') return this.#single.includes(node.value)
    return node.args.every((operand) => this.#isFixed(operand))
  }

  #keep(node: Node): void {
    const place = this.#f.local('v128')
    this.#f.set(place)
    this.#places.set(node, place)
  }

  #put(node: Node): void {
    if (isLiteral(node)) this.#f.vector(node.value)
    else this.#f.get(this.#places.get(node)!)
  }

  #compute(node: Node): void {
    if (isLiteral(node)) return
    const { inputs, slots } = this.#program
    if (node.uniform) this.#f.get(1 + inputs.length + slots.indexOf(node)).op('f32x4.splat')
    else if (node.op === 'input') this.#f.get(1 + inputs.indexOf(node.value)).op('f32x4.splat')
    else this.#apply(node)
    this.#keep(node)
  }

  #apply(node: Node): void {
    const f = this.#f
    const op = node.op as Operation
    const [a, b, c] = node.args as [Node, Node, Node]
    if (op === '?') {
      this.#put(b)
      this.#put(c)
      this.#put(a)
      if (!isComparison(a.op) || a.uniform) f.vector(0).op('f32x4.ne') // from a number to a mask
      f.op('v128.bitselect')
    } else if (op === 'sign') this.#sign(a)
    else if (instructions[op]) {
      for (const operand of node.args) this.#put(operand)
      f.op(instructions[op])
    } else this.#call(op as (typeof called)[number], node.args)
  }

  /** x itself where it is neither > 0 nor < 0: so −0 and NaN stay. */
  #sign(x: Node): void {
    const f = this.#f
    f.vector(1).vector(-1)
    this.#put(x)
    this.#put(x)
    f.vector(0).op('f32x4.lt').op('v128.bitselect')
    this.#put(x)
    f.vector(0).op('f32x4.gt').op('v128.bitselect')
  }

  #call(name: (typeof called)[number], operands: readonly Node[]): void {
    const f = this.#f
    for (let lane = 0; lane < 4; lane++) {
      for (const operand of operands) {
        this.#put(operand)
        f.lane(lane)
      }
      f.call(this.#imports.indexOf(name))
      if (lane === 0) f.op('f32x4.splat')
      else f.setLane(lane)
    }
  }
}
