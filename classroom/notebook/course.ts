import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { INotebookContent } from '@jupyterlab/nbformat'
import { guides, type LessonEntry, lessons, type NotebookEntry } from '../../lessons/manifest.js'
import { UserError } from '../../src/host/user-error.js'
import { type BuildOptions, buildNotebook } from './build.js'
import { type Lesson, parseLesson } from './lesson.js'

/** The lessons that a command names by id ("01") or folder ("01-three-adam-steps"); all of them for no name. */
export const findLessons = (names: readonly string[]): readonly LessonEntry[] =>
  find(names, lessons)

/** As `findLessons`, and the guides, which have no exercises. */
export const findNotebooks = (names: readonly string[]): readonly (LessonEntry | NotebookEntry)[] =>
  find(names, [...lessons, ...guides])

function find<Entry extends NotebookEntry>(
  names: readonly string[],
  all: readonly Entry[],
): readonly Entry[] {
  if (names.length === 0) return all
  return names.map((name) => {
    const bare = name.replace(/\.ipynb$/, '')
    const found = all.find(({ id, folder }) => id === bare || folder === bare)
    if (found) return found
    const known = all.map(({ id, title }) => `${id} (${title})`).join(', ')
    throw new UserError(`no lesson "${name}"; there are ${known}`)
  })
}

export const isLesson = (entry: NotebookEntry): entry is LessonEntry => 'exercises' in entry

/** The source of a lesson or guide, read from the clone at `root`. */
export function readLesson(root: string, entry: NotebookEntry): Lesson {
  const { id, folder } = entry
  const name = isLesson(entry) ? `lesson ${id}` : id
  const path = isLesson(entry) ? `lessons/${folder}/lesson.ts` : `docs/${folder}.ts`
  try {
    return parseLesson(readFileSync(join(root, path), 'utf8'), name)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(
      `${name}: no readable source at ${path}; lessons are built in a clone of the repository`,
    )
  }
}

/** The notebook of a lesson or guide of the clone at `root`. */
export function lessonNotebook(
  root: string,
  entry: NotebookEntry,
  options: BuildOptions,
): INotebookContent {
  const { id, title } = entry
  const frame = isLesson(entry)
    ? { title: `${id} ${title}`, exercises: entry.exercises }
    : { title, exercises: [] }
  return buildNotebook(readLesson(root, entry), frame, options)
}
