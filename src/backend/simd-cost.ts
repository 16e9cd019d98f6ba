import type { Node, Operation } from './graph.js'
import type { Program } from './rule.js'

/** What takes longer than an addition (1), in its time; measured over arrays in the cache. */
const long: Partial<Record<Operation, number>> = {
  '/': 6,
  sqrt: 6,
  exp: 50,
  log: 50,
  tanh: 60,
  sin: 60,
  cos: 60,
  pow: 100,
}
/** AdamW's step in additions: 0.6 ns an element. */
const adamw = 30
const known = new WeakMap<Program, number>()

/** How long an element of a program takes, beside one of AdamW's step: what is read and stored counts as an addition each. */
export function costOf(program: Program): number {
  let cost = known.get(program)
  if (cost !== undefined) return cost
  const seen = new Set<Node>()
  let additions = program.inputs.length + program.outputs.length
  const visit = (node: Node) => {
    if (seen.has(node) || node.uniform) return
    seen.add(node)
    if (node.args.length > 0) additions += long[node.op as Operation] ?? 1
    for (const arg of node.args) visit(arg)
  }
  for (const output of program.outputs) visit(output)
  cost = additions / adamw
  known.set(program, cost)
  return cost
}
