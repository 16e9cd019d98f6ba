import { Graph } from '../backend/graph.js'
import type { Schedule } from '../backend/options.js'
import { type Program, toProgram } from '../backend/rule.js'
import { type BackendName, openBackend } from '../backend/use.js'
import { type Hypers, originOf } from './origin.js'

/** One point of a schedule. Steps count from 0. */
export interface ScheduleRow {
  step: number
  rate: number
}

/**
 * The rate at each step: a number means every step from 0 up to and including it, a list means those steps.
 * With `backend`, all points are computed there by one kernel, which a promise delivers.
 * @throws RangeError unless every step is a whole number ≥ 0
 * @example table(warmupCosine({ peak: 1e-3, warmup: 100, total: 1000 }), [0, 50, 100])[1]   // { step: 50, rate: 0.0005 }
 */
export function table(schedule: Schedule, steps: number | readonly number[]): ScheduleRow[]
export function table(
  schedule: Schedule,
  steps: number | readonly number[],
  options: { backend: BackendName },
): Promise<ScheduleRow[]>
export function table(
  schedule: Schedule,
  steps: number | readonly number[],
  options?: { backend: BackendName },
): ScheduleRow[] | Promise<ScheduleRow[]> {
  const list = typeof steps === 'number' ? [steps] : steps
  for (const step of list) {
    if (!Number.isInteger(step) || step < 0)
      throw new RangeError(`table: a step must be a whole number ≥ 0, got ${step}`)
  }
  const points =
    typeof steps === 'number' ? Array.from({ length: steps + 1 }, (_, step) => step) : [...steps]
  if (options) return computed(schedule, points, options.backend)
  return points.map((step) => ({ step, rate: schedule(step) }))
}

async function computed(
  schedule: Schedule,
  points: number[],
  name: BackendName,
): Promise<ScheduleRow[]> {
  const backend = await openBackend(name)
  const { program, hypers } = compile(schedule)
  const [result] = backend.map(program, [backend.write(points)], { hypers })
  const rates = await backend.read(result!)
  return points.map((step, k) => ({ step, rate: rates[k]! }))
}

function compile(schedule: Schedule): { program: Program; hypers: Hypers } {
  const graph = new Graph()
  const hypers: Hypers = {}
  try {
    const rate = originOf(schedule)(graph, graph.input(0), hypers)
    return { program: toProgram([rate]), hypers }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new SyntaxError(
      `${error.message}\nwithout { backend } the table is computed as the function stands`,
    )
  }
}
