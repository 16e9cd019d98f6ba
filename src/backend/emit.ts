import { isComparison, type Node } from './graph.js'
import { elementwise, isLiteral, type Program } from './rule.js'

/** How a target writes the things that differ between targets. */
interface Dialect {
  /** An element of the input at this position: `x0`. */
  input(position: number): string
  /** True when a uniform test holds: `u3 !== 0`. */
  truth(slot: string): string
}

/** The JavaScript that computes `outputs` for one element, one const a node, and the text of each output. */
export function emit(
  program: Program,
  outputs: readonly Node[],
  dialect: Dialect,
): { statements: string[]; results: string[] } {
  const text = (node: Node): string => {
    if (node.op === 'input') return dialect.input(node.value)
    if (isLiteral(node)) return node.value < 0 ? `(${node.value})` : `${node.value}`
    if (node.uniform) return `u${program.slots.indexOf(node)}`
    return isComparison(node.op) ? expression(node) : `t${node.id}`
  }
  const test = (node: Node): string => (node.uniform ? dialect.truth(text(node)) : text(node))
  const expression = (node: Node): string => {
    const [a = '', b = '', c = ''] = node.args.map(text)
    if (node.op === '?') return `(${test(node.args[0]!)}) ? ${b} : ${c}`
    if (node.op === 'negate') return `-${a}`
    if (/^[a-z]/.test(node.op)) return `Math.${node.op}(${node.args.map(text).join(', ')})`
    return `(${a} ${node.op} ${b})`
  }
  const statements = elementwise(outputs)
    .filter((node) => !node.uniform && node.op !== 'input' && !isComparison(node.op))
    .map((node) => `const t${node.id} = ${expression(node)};`)
  return { statements, results: outputs.map(text) }
}
