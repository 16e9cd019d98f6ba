import type { Node } from './graph.js'

/**
 * How much of a value matters for what is made of it. `size`: a unit of the last place does no harm. `sign`: nor may its sign
 * change, since there is a root or a logarithm of it. `all`: what comes of it jumps, as ⌊t/50⌋ does at t = 50.
 */
const [size, sign, all] = [0, 1, 2]

/**
 * Divisions x / d for which x · (1/d) will do, which is one unit of the last place off at most, and three times faster. The others decide
 * something: they are below a floor, a comparison, a sign, an exponent, or a difference of which there is a root (√(1 − t/T) at t = T).
 */
export function inexactDivisions(outputs: readonly Node[]): Set<Node> {
  const needs = new Map<Node, number>()
  const visit = (node: Node, need: number) => {
    if (node.uniform || (needs.get(node) ?? -1) >= need) return
    needs.set(node, need)
    for (const [k, operand] of node.args.entries()) visit(operand, ofOperand(node, k, need))
  }
  for (const output of outputs) visit(output, size)
  const divisions = [...needs].filter(([{ op }, need]) => op === '/' && need !== all)
  return new Set(divisions.map(([node]) => node))
}

function ofOperand({ op }: Node, position: number, need: number): number {
  if (need === all || op === 'floor' || op === 'sign') return all
  // A comparison is the test of a choice.
  if ((op === '?' && position === 0) || (op === 'pow' && position === 1)) return all
  if (op === 'sqrt' || op === 'log' || op === 'pow') return sign
  const keepsSign = ['*', '/', 'negate', 'abs', 'min', 'max', '?'].includes(op)
  return need === size || keepsSign ? need : all
}
