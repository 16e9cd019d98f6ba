import { nameOf, partsOf, type SchedulePart } from './combine.js'
import { type NamedSchedule, named } from './named.js'
import { known, originOf } from './origin.js'

/**
 * One schedule after the other. The k-th begins at `boundaries[k − 1]` and counts its steps from there: from 0 again.
 *   t < b₁: s₀(t)        b₁ ≤ t < b₂: s₁(t − b₁)        …
 * Source    PyTorch's SequentialLR, Optax's join_schedules.
 * Differs   a number stands for that rate at every step.   Tests  test/schedules/sequence.test.ts
 * @throws RangeError unless there is one boundary fewer than schedules, and they rise from above 0
 * @example  sequence([linear({ start: 0, end: 0.1, total: 10 }), exponential({ peak: 0.1, gamma: 0.9 })], [10])
 */
export function sequence(
  schedules: readonly SchedulePart[],
  boundaries: readonly number[] = [],
): NamedSchedule {
  const parts = partsOf('sequence', schedules)
  if (boundaries.length !== parts.length - 1)
    throw new RangeError(
      `sequence: ${parts.length} schedules need ${parts.length - 1} boundaries, got ${boundaries.length}`,
    )
  const ends = [...boundaries] // the caller's list may change
  const begins = [0, ...ends]
  for (const [k, boundary] of ends.entries())
    if (!(boundary > begins[k]! && Number.isFinite(boundary)))
      throw new RangeError(
        `sequence: boundaries must rise from above 0, got ${boundary} after ${begins[k]}`,
      )
  return named(
    nameOf('sequence', parts),
    (t) => {
      const k = ends.filter((boundary) => boundary <= t).length
      return parts[k]!(t - begins[k]!)
    },
    (graph, t, hypers) => {
      const [first, ...later] = parts.map((part, k) => {
        const begin = known(graph, hypers, begins[k]!)
        return { begin, value: originOf(part)(graph, graph.apply('-', t, begin), hypers) }
      })
      return later.reduce(
        (before, { begin, value }) => graph.apply('?', graph.apply('<', t, begin), before, value),
        first!.value,
      )
    },
  )
}
