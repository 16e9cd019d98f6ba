import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { INotebookContent } from '@jupyterlab/nbformat'
import type { LessonEntry } from '../../lessons/manifest.js'
import type { Exercise } from '../../src/checks/types.js'
import { UserError } from '../../src/host/user-error.js'
import { findLessons, readNotebook } from '../notebook/index.js'

/** All that grading knows of one lesson. */
export interface GradedLesson {
  entry: LessonEntry
  /** Visible checks, then hidden ones; `hidden` says from which check on. */
  exercises: { exercise: Exercise; hidden: number }[]
  /** The notebook as learners get it. */
  original: INotebookContent
  /** Changes when the checks or the notebook do. */
  version: string
}

export type Checks = typeof import('./checks.js')

/** The checks of the whole course, as they were built. */
export const loadChecks = async (packageRoot: string): Promise<Checks> =>
  (await import(pathToFileURL(checksPath(packageRoot)).href)) as Checks

const checksPath = (packageRoot: string): string => join(packageRoot, 'dist', 'grader', 'checks.js')

/** @throws UserError when there is no such lesson, or its hidden checks are not here */
export async function loadLesson(packageRoot: string, id: string): Promise<GradedLesson> {
  const [entry] = findLessons([id]) as [LessonEntry]
  const path = checksPath(packageRoot)
  if (!existsSync(path))
    throw new UserError(
      'grade: the hidden checks are not part of the npm package; grade in a clone of the repository',
    )
  const checks = await loadChecks(packageRoot)
  const of = (kind: 'visible' | 'hidden', exercise: string): Exercise => {
    const found = checks[`${kind}Exercises`].get(exercise)
    if (found) return found
    throw new UserError(
      `lesson ${entry.id}: lessons/${kind}.ts has no checks for "${exercise}", which manifest.ts counts`,
    )
  }
  const exercises = entry.exercises.map(({ id: exercise }) =>
    withHidden(of('visible', exercise), of('hidden', exercise)),
  )
  const notebook = join(packageRoot, 'notebooks', `${entry.folder}.ipynb`)
  const version = createHash('sha256')
  for (const file of [path, notebook]) version.update(readFileSync(file))
  return { entry, exercises, original: readNotebook(notebook), version: version.digest('hex') }
}

/** All lessons, in the order of the course. */
export const loadCourse = (packageRoot: string): Promise<GradedLesson[]> =>
  Promise.all(findLessons([]).map(({ id }) => loadLesson(packageRoot, id)))

const withHidden = (visible: Exercise, hidden: Exercise) => ({
  exercise: { ...visible, checks: [...visible.checks, ...hidden.checks] },
  hidden: visible.checks.length,
})
