import type { SimdMemory } from './simd-memory.js'
import { leastShared, pieceOf } from './simd-pieces.js'

/** What is to do: how many things (rows, places), how many of them at least go together, and how long all take, in elements of a step of AdamW. */
export interface Work {
  readonly count: number
  readonly step: number
  readonly elements: number
}

/**
 * Calls a function of a module for all things at once or, where there are threads and much to do, for some at a time, by any thread:
 * `args` gives what the function takes for `many` of them from `from` on. What it writes for these, no other call may read or write.
 */
export function share(
  { team }: SimdMemory,
  functions: WebAssembly.Exports,
  name: string,
  { count, step, elements }: Work,
  args: (from: number, many: number) => number[],
): void {
  if (!team || elements < leastShared) {
    const run = functions[name] as (...args: number[]) => void
    run(...args(0, count))
    return
  }
  const each = Math.ceil((pieceOf(elements) * count) / elements / step) * step
  const calls: number[] = []
  let width = 0
  for (let from = 0, many = 0; from < count; from += many) {
    many = count - from < each + step ? count - from : each
    const one = args(from, many)
    width = one.length
    for (const value of one) calls.push(value)
  }
  team.run(functions, name, calls, width)
}
