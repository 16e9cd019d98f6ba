import { createHash } from 'node:crypto'
import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileError, UserError } from '../../src/host/user-error.js'

export interface Submission {
  student: string
  /** The notebook, or undefined with `problem` set. */
  path?: string
  problem?: string
  /** Files beside the notebook, for a student who handed in a folder. */
  beside: string[]
}

/**
 * Finds what students handed in: DIR/alice.ipynb, or DIR/alice/ with one notebook (or the one named after the lesson) in it.
 * @throws UserError when the folder cannot be read or holds no submission
 */
export function findSubmissions(dir: string, lessonFolder: string): Submission[] {
  const found = submissionsIn(dir, lessonFolder)
  if (found.length > 0) return found
  throw new UserError(
    `${dir}: no submissions; it should hold STUDENT.ipynb files, or a folder with a notebook for each student`,
  )
}

/**
 * As `findSubmissions`, of a folder that may be empty.
 * @throws UserError when the folder cannot be read, or somebody handed in twice
 */
export function submissionsIn(dir: string, lessonFolder: string): Submission[] {
  const found = list(dir).flatMap((entry): Submission[] => {
    // Absolute: bubblewrap starts in the folder of the notebook.
    const path = resolve(dir, entry.name)
    if (isNotebook(entry))
      return [{ student: entry.name.slice(0, -'.ipynb'.length), path, beside: [] }]
    return entry.isDirectory() ? [inFolder(path, entry.name, lessonFolder)] : []
  })
  const students = found.map(({ student }) => student)
  const twice = students.find((student, k) => students.indexOf(student) !== k)
  if (twice)
    throw new UserError(`${dir}: "${twice}" handed in a notebook and a folder; remove one of them`)
  return found.sort((a, b) => (a.student < b.student ? -1 : 1))
}

/** What a folder holds, without what is hidden. */
export function list(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'))
  } catch (error) {
    throw fileError(dir, { what: 'read', error, wayOut: 'give the folder of the submissions' })
  }
}

export const isNotebook = (entry: Dirent): boolean =>
  entry.isFile() && entry.name.endsWith('.ipynb')

/** What a student hands in for a lesson by a folder. */
export function inFolder(folder: string, student: string, lessonFolder: string): Submission {
  try {
    const entries = list(folder)
    const notebooks = entries.filter(isNotebook).map(({ name }) => name)
    return handIn(notebooks, { folder, entries, student, lessonFolder })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { student, problem: 'the folder cannot be read', beside: [] }
  }
}

interface Folder {
  folder: string
  entries: Dirent[]
  student: string
  lessonFolder: string
}

/** What a student hands in for a lesson, of the `notebooks` in a folder: the only one, or that of the lesson's name. */
export function handIn(notebooks: string[], of: Folder): Submission {
  const { folder, entries, student, lessonFolder } = of
  const name = notebooks.length === 1 ? notebooks[0]! : `${lessonFolder}.ipynb`
  if (!notebooks.includes(name)) {
    const problem =
      notebooks.length === 0 ? 'no notebook in the folder' : 'several notebooks in the folder'
    return { student, problem, beside: [] }
  }
  // Without the other notebooks: a change of one lesson is none of another.
  const beside = entries.filter(
    (entry) => !isNotebook(entry) && !entry.isSymbolicLink() && entry.name !== 'node_modules',
  )
  return {
    student,
    path: join(folder, name),
    beside: beside.map((entry) => join(folder, entry.name)),
  }
}

const mostFiles = 1000
const mostBytes = 100e6

/**
 * Looks at all that was handed in: `hash` changes when any of it does. What is neither file nor folder is left alone: a pipe
 * would be waited for, and a link may lead anywhere.
 * @throws UserError when it is too much, or cannot be read
 */
export function submissionHash({ path, problem, beside }: Submission): string {
  const hash = createHash('sha256').update(problem ?? '')
  let [files, bytes] = [0, 0]
  const visit = (file: string): void => {
    const info = lstatSync(file)
    if (!info.isFile() && !info.isDirectory()) return
    files += 1
    bytes += info.isFile() ? info.size : 0
    if (files > mostFiles) throw new UserError(`more than ${mostFiles} files were handed in`)
    if (bytes > mostBytes) throw new UserError(`more than ${mostBytes / 1e6} MB were handed in`)
    hash.update(JSON.stringify([file, info.isFile() ? info.size : 'folder']))
    if (info.isFile()) hash.update(readFileSync(file))
    else for (const name of readdirSync(file).sort()) visit(join(file, name))
  }
  if (path !== undefined) for (const file of [path, ...beside]) visit(file)
  return hash.digest('hex')
}
