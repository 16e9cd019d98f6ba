import { type Dirent, lstatSync } from 'node:fs'
import { join } from 'node:path'
import type { INotebookContent } from '@jupyterlab/nbformat'
import { guides } from '../../lessons/manifest.js'
import { UserError } from '../../src/host/user-error.js'
import { isCode, sourceOf } from '../client/notebook.js'
import { readNotebook } from '../notebook/index.js'
import type { GradedLesson } from './course.js'
import { largestNotebook } from './grade.js'
import { handIn, inFolder, isNotebook, list, type Submission } from './submissions.js'
import { idsIn } from './tampering.js'

/** What lies in the folder of one student. */
export interface Work {
  student: string
  handed: Map<GradedLesson, Submission>
  /** What is not marked though somebody may expect it, with the reason. */
  left: string[]
  /** Notebooks in which no code was changed. */
  untouched: number
}

/** Sorts what a student's folder holds into the lessons of the course: notebooks, and, as nbgrader has them, folders of their names. */
export function findWork(student: string, folder: string, course: readonly GradedLesson[]): Work {
  const work: Work = { student, handed: new Map(), left: [], untouched: 0 }
  const all = readable(folder)
  if (all === undefined) work.left.push('the folder cannot be read')
  const ofLesson = (entry: Dirent) =>
    entry.isDirectory() ? course.find((lesson) => lesson.entry.folder === entry.name) : undefined
  const folders = all?.flatMap((entry) => ofLesson(entry) ?? []) ?? []
  const entries = all?.filter((entry) => !ofLesson(entry))
  const notebooks = entries?.filter(({ name }) => name.endsWith('.ipynb') && !isGuide(name)) ?? []
  if (entries && notebooks.length + folders.length === 0)
    work.left.push('no notebook in the folder')
  const byLesson = new Map<GradedLesson, string[]>()
  for (const entry of notebooks) {
    const path = join(folder, entry.name)
    const lesson = isNotebook(entry) ? lessonOf(entry.name, path, course) : undefined
    if (lesson === undefined) work.left.push(`${entry.name}: ${whyNot(entry)}`)
    else if (isUntouched(path, lesson.original)) work.untouched += 1
    else byLesson.set(lesson, [...(byLesson.get(lesson) ?? []), entry.name])
  }
  for (const [lesson, names] of byLesson) {
    const lessonFolder = lesson.entry.folder
    const { path, ...rest } = handIn(names, { folder, entries: entries!, student, lessonFolder })
    work.handed.set(lesson, { path, ...rest })
    const others = names.filter((name) => path !== undefined && join(folder, name) !== path)
    for (const name of others)
      work.left.push(`${name}: ${lessonFolder}.ipynb is there too, and is marked`)
  }
  for (const lesson of folders) takeFolder(work, folder, lesson)
  return work
}

function takeFolder(work: Work, folder: string, lesson: GradedLesson): void {
  const name = lesson.entry.folder
  const submission = inFolder(join(folder, name), work.student, name)
  if (submission.path !== undefined && isUntouched(submission.path, lesson.original))
    work.untouched += 1
  else if (work.handed.has(lesson))
    work.left.push(`${name}/: a notebook of this lesson lies beside it, and is marked`)
  else work.handed.set(lesson, submission)
}

const whyNot = (entry: Dirent): string =>
  isNotebook(entry) ? 'neither name nor exercises say which lesson it is' : oddKind(entry)

export const oddKind = (entry: Dirent): string =>
  entry.isSymbolicLink() ? 'a link, which is not followed' : 'no plain file'

function readable(folder: string): Dirent[] | undefined {
  try {
    return list(folder)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return undefined
  }
}

const isGuide = (name: string): boolean => guides.some(({ folder }) => `${folder}.ipynb` === name)

/** By its name; of another name, by its exercises, if all that belong to the course are of one lesson. */
function lessonOf(name: string, path: string, course: readonly GradedLesson[]) {
  const named = course.find(({ entry }) => `${entry.folder}.ipynb` === name)
  if (named) return named
  const notebook = peek(path)
  if (notebook === undefined) return undefined
  const own = new Set(idsIn(notebook))
  const held = course.filter(({ original }) => idsIn(original).some((id) => own.has(id)))
  return held.length === 1 ? held[0] : undefined
}

/** No code was changed: it lay in the work folder, where `npm start` puts all lessons. */
function isUntouched(path: string, original: INotebookContent): boolean {
  const notebook = peek(path)
  return notebook !== undefined && codeOf(notebook) === codeOf(original)
}

const codeOf = ({ cells }: INotebookContent): string =>
  JSON.stringify(cells.filter(isCode).map(sourceOf))

/** The notebook, if it can be read; who marks it will say why not. */
function peek(path: string): INotebookContent | undefined {
  try {
    return lstatSync(path).size > largestNotebook ? undefined : readNotebook(path)
  } catch {
    return undefined
  }
}
