import { Graph, type Node, type Operation } from './graph.js'
import { parseRule } from './parse.js'
import { buildRule, type Program, toProgram } from './rule.js'

/** Σ of sin's series at s = y², up to y¹³: below 1e-9 for |y| ≤ π/2. Constants are folded when compiling. */
const series =
  '1 + s * (-1 / 6 + s * (1 / 120 + s * (-1 / 5040 + s * (1 / 362880 + s * (-1 / 39916800 + s / 6227020800)))))'

/**
 * x less whole turns: r − l. 2π, π and π/2 stand in two parts, of which the first has so few bits that products and differences with it are exact; what is
 * left of r then loses no digit to the second.
 */
const reduced = `const turns = Math.floor(x / (2 * 3.141592653589793) + 0.5)
  const r = x - turns * 6.28125
  const l = turns * 0.0019353071795864769
  const side = r < l ? -1 : 1`

/**
 * Of an angle so large that it has no digits left z may be anything; within ±π/2 it gives at least a sine. By division, which lets NaN pass: compilers
 * for GPUs may assume that there is none, and of comparisons with it make a number.
 */
const sine = `const y = z / Math.max(1, Math.abs(z) / 1.5707964)
  const s = y * y`

/**
 * Whether it is a number, which NaN is not. A driver may take for granted that what was computed equals itself: on an H100 by WebGPU
 * `t === t` held of t = NaN + 1. It cannot know the limit here, which is given when a kernel runs.
 */
const isNumber = (name: string) => `Math.abs(${name}) <= Infinity`

/**
 * GLSL and WGSL promise 2⁻¹¹ of sin and cos, and only within [−π, π]; gpu.js writes tanh by e²ˣ for WebGL, which overflows from 44 on and has
 * no digits near 0. These are written with what every machine does well.
 */
const functions: Partial<Record<Operation, string>> = {
  sin: `(x) => {
  ${reduced}
  const near = side * (r - l)
  const far = 3.140625 - side * r + (0.0009676535897932 + side * l)
  const z = near < far ? near : far
  ${sine}
  return [side * y * (${series})]
}`,
  cos: `(x) => {
  ${reduced}
  const z = 1.5703125 - side * r + (0.00048382679489661923 + side * l)
  ${sine}
  return [y * (${series})]
}`,
  tanh: `(x) => {
  const s = x * x
  const near = x * (1 - s * (1 / 3 - s * (2 / 15 - s * (17 / 315 - s * (62 / 2835)))))
  const far = 1 - 2 / (Math.exp(2 * x) + 1)
  return [Math.abs(x) < 0.25 ? near : ${isNumber('x')} ? far : x]
}`,
  // Some make numbers of NaN here too, SwiftShader for one: ∞ and 89. Its square root is none anywhere, nor is that of a negative number.
  exp: `(x) => [${isNumber('x')} ? Math.exp(x) : x]`,
  // SwiftShader's of 0 is −88, and so 0 has powers there.
  log: `(x) => [x > 0 ? Math.log(x) : x === 0 ? -Infinity : Math.sqrt(x)]`,
  // Of NaN and a number a GPU's max and min are the number, and sign(NaN) is 0: a training that has failed would look as if it had not.
  max: `(a, b) => [${isNumber('a')} ? (${isNumber('b')} ? Math.max(a, b) : b) : a]`,
  min: `(a, b) => [${isNumber('a')} ? (${isNumber('b')} ? Math.min(a, b) : b) : a]`,
  sign: `(x) => [x > 0 ? 1 : x < 0 ? -1 : x]`,
  // A shader's pow knows no negative base. With a fraction as exponent there is no number, as of its square root.
  pow: `(x, n) => {
  const odd = Math.abs(n) - 2 * Math.floor(Math.abs(n) / 2)
  const side = odd === 1 ? -1 : odd === 0 ? 1 : Math.sqrt(x)
  const size = x === 0 ? (n > 0 ? 0 : Infinity) : Math.abs(x) ** n
  const power = ${isNumber('x')} ? (x < 0 ? side : 1) * size : x
  return [n === 0 ? 1 : ${isNumber('n')} ? power : n]
}`,
}

/** Powers that are products: exact as these, and faster. */
const powers: Readonly<Record<number, string>> = {
  2: '(x) => [x * x]',
  3: '(x) => [x * x * x]',
  4: '(x) => { const s = x * x; return [s * s] }',
  0.5: '(x) => [Math.sqrt(x)]',
  [-1]: '(x) => [1 / x]',
  [-2]: '(x) => [1 / (x * x)]',
}

const known = new WeakMap<Program, Program>()
const knownTold = new WeakMap<Program, Program>()

/**
 * The same program without the functions that GPUs compute badly. What the host computes stays as it is. `told`: one more output says
 * whether the first is a number, 1, or NaN, 0.
 */
export function portable(program: Program, told = false): Program {
  const programs = told ? knownTold : known
  const found = programs.get(program)
  if (found) return found
  const graph = new Graph()
  const made = new Map<Node, Node>()
  const rewrite = (node: Node): Node => {
    const done = made.get(node)
    if (done) return done
    const one = again(graph, node, node.args.map(rewrite))
    made.set(node, one)
    return one
  }
  const outputs = program.outputs.map(rewrite)
  const [value] = outputs
  if (told)
    outputs.push(graph.apply('?', equal(graph, value!, value!), graph.number(1), graph.number(0)))
  const result = toProgram(outputs)
  programs.set(program, result)
  return result
}

function again(graph: Graph, { op, value, name, uniform }: Node, args: Node[]): Node {
  if (op === 'input') return graph.input(value)
  if (op === 'number') return graph.number(value)
  if (op === 'hyper') return graph.hyper(name)
  if (op === 'word') return graph.word(name)
  const [x, n] = args as [Node, Node]
  // By WebGPU NaN is not unequal to itself either.
  if (op === '?' && x.op === '!==' && !x.uniform)
    return graph.apply('?', equal(graph, x.args[0]!, x.args[1]!), args[2]!, args[1]!)
  if (op === '===' && !uniform) return equal(graph, x, n)
  const product = op === 'pow' && n.op === 'number' ? powers[n.value] : undefined
  const source = uniform ? undefined : (product ?? functions[op])
  if (!source) return graph.apply(op, ...args)
  const syntax = parseRule(source, op)
  const scope = new Map(syntax.inputs.map((input, k) => [input, product ? x : args[k]!]))
  return buildRule(graph, syntax, scope).outputs[0]!
}

/** Who compares a value with itself asks for NaN. */
function equal(graph: Graph, a: Node, b: Node): Node {
  if (a !== b) return graph.apply('===', a, b)
  return graph.apply('<=', graph.apply('abs', a), graph.number(Number.POSITIVE_INFINITY))
}
