import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { INotebookContent } from '@jupyterlab/nbformat'
import { type LessonEntry, lessons } from '../../lessons/manifest.js'
import { UserError } from '../../src/host/user-error.js'
import { type BuildOptions, buildNotebook } from './build.js'
import { type Lesson, parseLesson } from './lesson.js'

/** The lessons that a command names by id ("01") or folder ("01-three-adam-steps"); all of them for no name. */
export function findLessons(names: readonly string[]): readonly LessonEntry[] {
  if (names.length === 0) return lessons
  return names.map((name) => {
    const bare = name.replace(/\.ipynb$/, '')
    const found = lessons.find(({ id, folder }) => id === bare || folder === bare)
    if (found) return found
    const known = lessons.map(({ id, title }) => `${id} (${title})`).join(', ')
    throw new UserError(`no lesson "${name}"; there are ${known}`)
  })
}

/** The source of a lesson, read from the clone at `root`. */
export function readLesson(root: string, { id, folder }: LessonEntry): Lesson {
  const path = join(root, 'lessons', folder, 'lesson.ts')
  try {
    return parseLesson(readFileSync(path, 'utf8'), `lesson ${id}`)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(
      `lesson ${id}: no readable source at lessons/${folder}/lesson.ts; lessons are built in a clone of the repository`,
    )
  }
}

/** The notebook of a lesson of the clone at `root`. */
export function lessonNotebook(
  root: string,
  entry: LessonEntry,
  options: BuildOptions,
): INotebookContent {
  return buildNotebook(readLesson(root, entry), entry, options)
}
