import { isComparison, type Node, operations } from '../../src/backend/graph.js'
import type { Program } from '../../src/backend/rule.js'

/** One rounding to float32, and the smallest number there: what lies below may be lost altogether. */
const unit = 2 ** -24
const smallest = 2 ** -149

/** A value in float64, and how far float32 arithmetic may be from it. Infinity: anywhere. */
interface Bounded {
  value: number
  error: number
}

/**
 * The value of each output for one element, and a bound on the error of computing it in float32, carried along as the value is
 * computed: each operation passes on the errors of its operands and adds its own rounding.
 */
export function runningError(
  { outputs }: Program,
  inputs: readonly number[],
  hypers: Readonly<Record<string, number>>,
): Bounded[] {
  const known = new Map<Node, Bounded>()
  const visit = (node: Node): Bounded => {
    const found = known.get(node)
    if (found) return found
    const made = bounded(node, node.args.map(visit))
    known.set(node, made)
    return made
  }
  const bounded = (node: Node, args: Bounded[]): Bounded => {
    if (node.op === 'input') return { value: inputs[node.value]!, error: 0 }
    if (node.op === 'number') return rounded(node.value, 0)
    if (node.op === 'hyper') return rounded(hypers[node.name]!, 0)
    if (node.op === 'word') throw new Error('runningError: a word has no value')
    const apply = operations[node.op].apply as (...values: number[]) => number
    const value = apply(...args.map((arg) => arg.value))
    if (node.uniform) return rounded(value, 0) // in float64, then rounded once
    if (node.op === '?') return chosen(args as [Bounded, Bounded, Bounded])
    if (isComparison(node.op)) return { value, error: apart(args) ? 0 : 1 }
    if (args.some(({ error }) => error === Number.POSITIVE_INFINITY)) return anywhere(value) // also NaN
    // Each operation is monotone, or has its extremes inside known bounds: the corners of what the operands may be.
    const corners = cornersOf(args).map((corner) => apply(...corner))
    const spread = Math.max(...corners.map((corner) => Math.abs(corner - value)))
    const exact = ['negate', 'abs', 'min', 'max', 'sign', 'floor'].includes(node.op)
    if (node.op === '/' && Math.abs(args[1]!.value) <= args[1]!.error) return anywhere(value)
    if (node.op === 'pow' && args[0]!.value <= args[0]!.error) return anywhere(value)
    if (node.op === 'cos' || node.op === 'sin') return rounded(value, args[0]!.error)
    if (Number.isNaN(spread)) return anywhere(value)
    return exact ? { value, error: spread } : rounded(value, spread)
  }
  return outputs.map(visit)
}

/** Whether float32 cannot but agree about which of two is larger. */
const apart = ([a, b]: Bounded[]): boolean => {
  const error = a!.error + b!.error
  return error === 0 || Math.abs(a!.value - b!.value) > error
}

const anywhere = (value: number): Bounded => ({ value, error: Number.POSITIVE_INFINITY })

function rounded(value: number, error: number): Bounded {
  const all = error + unit * (Math.abs(value) + error) + smallest
  return Math.abs(value) + all < 2 ** 127 ? { value, error: all } : anywhere(value)
}

/** A test that float32 may decide otherwise can give either branch. */
function chosen([test, yes, no]: [Bounded, Bounded, Bounded]): Bounded {
  const [taken, other] = test.value ? [yes, no] : [no, yes]
  if (test.error === 0) return taken
  return {
    value: taken.value,
    error: Math.max(taken.error, Math.abs(other.value - taken.value) + other.error),
  }
}

const cornersOf = (args: readonly Bounded[]): number[][] =>
  args.reduce<number[][]>(
    (corners, { value, error }) =>
      corners.flatMap((corner) =>
        [value - error, value, value + error].map((end) => [...corner, end]),
      ),
    [[]],
  )
