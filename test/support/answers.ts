import { hiddenExercises } from '../../lessons/hidden.js'
import { visibleExercises } from '../../lessons/visible.js'
import { seededRandom } from '../../src/checks/random.js'
import { localStudent, runChecks } from '../../src/checks/run.js'

/** Whether JSON-able or not: a learner's functions by name. */
export type Functions = Readonly<Record<string, (...args: never[]) => unknown>>

const seeds = Array.from({ length: 25 }, (_, seed) => seed)

/**
 * Runs the visible and the hidden checks of an exercise on an answer, the hidden ones with 25 different draws.
 * Returns the names of the checks that were lost, and fails when they depend on the draw.
 */
export async function lostChecks(exerciseId: string, functions: Functions): Promise<string[]> {
  const student = localStudent(functions)
  const lost = new Map<string, number>()
  const visible = await runChecks(visibleExercises.get(exerciseId)!, student, seededRandom(0))
  for (const { name, ok } of visible.checks) if (!ok) lost.set(name, seeds.length)
  for (const seed of seeds) {
    const hidden = await runChecks(hiddenExercises.get(exerciseId)!, student, seededRandom(seed))
    for (const { name, ok } of hidden.checks) if (!ok) lost.set(name, (lost.get(name) ?? 0) + 1)
  }
  for (const [name, times] of lost) {
    if (times !== seeds.length)
      throw new Error(`check "${name}" is lost in ${times} of ${seeds.length} draws`)
  }
  return [...lost.keys()]
}

/** Points of the named checks together. */
export function pointsFor(exerciseId: string, names: readonly string[]): number {
  const checks = [visibleExercises, hiddenExercises].flatMap((all) => all.get(exerciseId)!.checks)
  return checks
    .filter(({ name }) => names.includes(name))
    .reduce((sum, { points }) => sum + points, 0)
}
