import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { INotebookContent } from '@jupyterlab/nbformat'
import { kernelName } from '../../kernel/install/spec.js'
import { runNotebook } from '../client/index.js'
import type { KernelHost, Session } from '../client/types.js'
import type { GradedLesson } from '../grade/course.js'
import { type ExerciseGrade, gradeExercise } from '../grade/grade.js'
import { Learner } from '../grade/learner.js'
import { learnerCells } from '../grade/tampering.js'

/** Seconds of all cells of a notebook: a lesson should take no more, and must not take the second. */
export const budget = { meant: 60, most: 300 }

/** Milliseconds for a cell, and for all checks of one exercise. */
const cellLimit = budget.most * 1000

/** What one run of a notebook told. Its outputs are in the notebook. */
export interface Run {
  problems: string[]
  warnings: string[]
  /** Of its cells together: what a learner waits. */
  seconds: number
}

/**
 * Runs the notebook once as a learner does, in our kernel, in a new folder, every cell with its full output and its type check.
 * `after` gets the session with what the cells left in it, unless the run ended early.
 */
export async function runOnce(
  what: string,
  notebook: INotebookContent,
  host: KernelHost,
  after?: (session: Session) => Promise<void>,
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'downhill-lesson-'))
  const session = await host.start({ kernel: kernelName, cwd: folder })
  try {
    const started = performance.now()
    const { failure } = await runNotebook(session, notebook, { timeout: cellLimit })
    const seconds = Math.round(performance.now() - started) / 1000
    if (!failure) {
      await after?.(session)
      return { ...timed(what, seconds), seconds }
    }
    const { status, error } = failure.outcome
    const why = error ? `${error.ename}: ${error.evalue}` : status
    const problem = `${what} does not reach its end: cell ${failure.cell}: ${why}`
    return { problems: [problem], warnings: [], seconds }
  } finally {
    await session.shutdown()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Is it so long that nobody would wait for it? */
export function timed(what: string, seconds: number): Omit<Run, 'seconds'> {
  const { meant, most } = budget
  const words = `the cells of ${what} take ${seconds.toFixed(1)} s; ${meant} s are meant, ${most} s the limit`
  return {
    problems: seconds > most ? [words] : [],
    warnings: seconds > meant && seconds <= most ? [words] : [],
  }
}

/** The grader itself, on a notebook that has run in `session`. Without its sandbox: both versions are ours. */
export async function gradeIn(
  session: Session,
  notebook: INotebookContent,
  lesson: GradedLesson,
  seed: number,
): Promise<ExerciseGrade[]> {
  const limits = { step: cellLimit, call: 10_000, total: 10 * cellLimit }
  const learner = await Learner.attach(session, { cells: learnerCells(notebook), limits })
  const grades: ExerciseGrade[] = []
  for (const exercise of lesson.exercises) grades.push(await gradeExercise(exercise, learner, seed))
  return grades
}
