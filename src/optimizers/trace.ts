import { checkNames, checkOption, period } from '../backend/options.js'
import { elementwise, toProgram } from '../backend/rule.js'
import { type BackendName, openBackend } from '../backend/use.js'
import type { AnyOptimizer, OptionsOf } from './define.js'
import { addSums, type Variant } from './variant.js'

/** What `trace` walks: from where, with which gradient, how far. */
export interface TraceOptions<Options> {
  /** The value of x before the first step. */
  start: number
  /** The gradient at x: `(x) => 2 * x` for x². */
  gradient: (x: number) => number
  steps: number
  options?: Options
  /** Default "reference": float64. */
  backend?: BackendName
}

/** One step: t, the gradient g, the state after it, every number that the rule names on the way, and the new x. */
export type TraceRow = { t: number; g: number; x: number } & Record<string, number>

/**
 * Steps a single number and reports every intermediate of the rule.
 * @throws TypeError or RangeError for what cannot be walked
 * @example
 * await trace(adam, { start: 2, gradient: (x) => 2 * x, steps: 3, options: { lr: 0.01 } })
 * // [{ t: 1, g: 4, m: 0.4, v: 0.016, mHat: 4, vHat: 16, x: 1.99 }, …]
 */
export async function trace<Factory extends AnyOptimizer>(
  optimizer: Factory,
  walk: TraceOptions<OptionsOf<Factory>>,
): Promise<TraceRow[]> {
  checkNames('trace', { start: 0, gradient: 0, steps: 0, options: 0, backend: 0 }, walk)
  const { start, gradient, steps, options, backend: name = 'reference' } = walk
  const { compiler } = optimizer
  if (!compiler)
    throw new TypeError('trace: expected what makes an optimizer: trace(adam, …), not adam(params)')
  if (typeof start !== 'number' || typeof gradient !== 'function')
    throw new TypeError('trace: it needs a number to start at, and a function for the gradient')
  checkOption('trace', 'steps', period(), steps)
  const backend = await openBackend(name)
  const { definition } = compiler
  if ('update' in definition)
    throw new TypeError(
      `trace: ${compiler.name} works on whole matrices; a single number has no trace`,
    )
  const completed = compiler.complete(options ?? {})
  const variant = compiler.variant(completed)
  const columns = columnsOf(variant, compiler.state)
  const program = toProgram(columns.map(({ node }) => node))
  let x = start
  const first = compiler.at(completed, 0)
  const state = compiler.state.map((name) => {
    const begin = compiler.start(name, first)
    return backend.write([begin === 'p' ? start : begin])
  })
  let scalars: Record<string, number> = {}
  let p = backend.write([x])
  const rows: TraceRow[] = []
  for (let t = 1; t <= steps; t++) {
    const g = backend.write([gradient(x)])
    const step = { ...compiler.at(completed, t - 1), t, calls: t }
    scalars = compiler.scalars(scalars, step)
    const hypers = { ...step, ...scalars, dims: 0, size: 1 } as Record<string, number>
    const launch = { hypers, length: 1 }
    const inputs = [p, g, ...state]
    addSums(backend, variant, [{ inputs, launch }])
    const results = backend.map(program, inputs, launch)
    const values = await Promise.all(
      results.map(async (result) => (await backend.read(result))[0]!),
    )
    const row: Record<string, number> = { t, g: (await backend.read(g))[0]! }
    for (const [k, { name: column }] of columns.entries()) {
      row[column] = values[k]!
      const position = compiler.state.indexOf(column)
      if (position >= 0) state[position] = results[k]!
      if (column === 'x') p = results[k]!
    }
    x = row.x!
    rows.push(row as TraceRow)
  }
  return rows
}

/** State that changes, then named consts that matter and are not a state under another name, then x. */
function columnsOf({ rule, updates, tensor }: Variant, state: readonly string[]) {
  const [p, ...next] = rule.outputs
  const changing = [...updates, ...tensor.updates]
  const columns = state
    .map((name, k) => ({ name, node: next[k]! }))
    .filter(({ name }) => changing.includes(name))
  const used = new Set(elementwise([...rule.outputs, ...rule.reductions.map(({ of }) => of)]))
  const taken = new Set([...rule.outputs, ...rule.inputs])
  for (const [name, node] of rule.named) {
    if (used.has(node) && !taken.has(node)) columns.push({ name, node })
    taken.add(node)
  }
  return [...columns, { name: 'x', node: p! }]
}
