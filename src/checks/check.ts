import { findHost } from '../host/host.js'
import { seededRandom } from './random.js'
import { CheckReport } from './report.js'
import { localStudent, runChecks } from './run.js'
import type { Exercise } from './types.js'

const exercises = new Map<string, Exercise>()

/** Makes an exercise's visible checks known to `check`. A second one of the same id replaces the first. */
export function registerExercise(exercise: Exercise): void {
  exercises.set(exercise.id, exercise)
}

/** The visible exercises of this process, by id. */
export function registeredExercises(): ReadonlyMap<string, Exercise> {
  return exercises
}

/** The learner's function, or several by name. */
export type Answer = ((...args: never[]) => unknown) | Readonly<Record<string, unknown>>

/**
 * Runs the visible checks of an exercise on the learner's function(s) and returns a report that shows itself: the points,
 * and a table of what was expected, what came, the rule and a hint. It never throws and writes nothing to stderr, so that
 * Run All reaches the end of a lesson; a function that throws costs only the checks in which it does.
 * @example await check('adam-step', adamStep)
 */
export async function check(id: string, answer: Answer): Promise<CheckReport> {
  const exercise = exercises.get(id)
  if (!exercise) return unknownExercise(id)
  const functions =
    (typeof answer === 'function' ? { [exercise.functionName]: answer } : answer) ?? {}
  const note = outdated(functions)
  const result = await runChecks(exercise, localStudent(functions), seededRandom(1))
  return new CheckReport({ ...result, ...(note !== '' && { note }) })
}

/** Of functions that a newer cell was to replace: it did not run, so what is checked is not what the learner sees above. */
function outdated(functions: Readonly<Record<string, unknown>>): string {
  const { refused } = findHost()
  if (!refused) return ''
  try {
    const found = Object.values(functions).flatMap((value) => refused(value) ?? [])
    return found.map(told).join(' ')
  } catch {
    // An answer that throws when it is looked at; its checks will say so.
    return ''
  }
}

const told = ({ name, cell }: { name: string; cell: number }): string =>
  `This checks the earlier ${name}: the newer one, in cell [${cell}], did not run because of the error shown there.`

function unknownExercise(id: string): CheckReport {
  const known = [...exercises.keys()].map((name) => `"${name}"`).join(', ')
  const row = {
    name: 'exercise',
    rule: 'check(id, function): the id of an exercise of this course',
    points: 0,
    max: 0,
    ok: false,
    expected: known === '' ? 'an exercise; none is registered here' : `one of ${known}`,
    got: `"${id}"`,
  }
  return new CheckReport({ id: String(id), points: 0, max: 0, checks: [row] })
}
