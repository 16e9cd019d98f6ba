import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { writeAtomic } from '../../kernel/atomic.js'
import { UserError } from '../../src/host/user-error.js'
import type { GradedLesson } from './course.js'
import { type FolderOptions, gradeFolder, makeFolders, refuse } from './folder.js'
import type { Grade } from './grade.js'
import { courseGradebook } from './gradebook.js'
import { list, type Submission, submissionsIn } from './submissions.js'
import { findWork, oddKind } from './work.js'

/** What a class handed in, of all lessons. */
export interface Coursework {
  /** Those of which anything was handed in, in the order of the course. */
  lessons: { lesson: GradedLesson; submissions: Submission[] }[]
  /** Sorted; also those who handed in nothing that is marked. `left`: what of it is not marked, with the reason. */
  students: { student: string; left: string[] }[]
  /** The same, of what is nobody's. */
  left: string[]
  /** Notebooks in which no code was changed. */
  untouched: number
}

/**
 * Finds what was handed in of a whole course: DIR/STUDENT/NN-name.ipynb, DIR/STUDENT/NN-name/ with a notebook, or DIR/NN-name/ with what `findSubmissions` finds.
 * @throws UserError when the folder cannot be read, mixes the two, or holds nothing to mark
 */
export function findCoursework(dir: string, course: readonly GradedLesson[]): Coursework {
  const ours = new Set(course.map(({ entry }) => `${entry.folder}-grades`))
  const entries = list(dir).filter(({ name }) => !ours.has(name))
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const lessons = course.filter(({ entry }) => folders.includes(entry.folder))
  const other = folders.find((name) => !lessons.some(({ entry }) => entry.folder === name))
  if (lessons.length > 0 && other !== undefined)
    throw new UserError(
      `${dir}: "${lessons[0]!.entry.folder}" is the folder of a lesson and "${other}" is none; it should hold a folder a lesson, or a folder a student`,
    )
  const left = entries
    .filter((entry) => entry.isSymbolicLink() || /\.ipynb$/.test(entry.name))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `${entry.name}: ${entry.isFile() ? 'lies in no folder' : oddKind(entry)}`)
  const found = lessons.length > 0 ? inLessons(dir, lessons) : inStudents(dir, folders, course)
  if (found.lessons.length === 0) throw new UserError(`${dir}: nothing to mark; ${whyNone(found)}`)
  return { ...found, left }
}

type Found = Omit<Coursework, 'left'>

function whyNone({ students, untouched }: Found): string {
  if (untouched > 0) return `no code was changed in any of its notebooks (${untouched})`
  const left = students.find((one) => one.left.length > 0)
  const example = left ? ` (${left.student}: ${left.left[0]})` : ''
  return `without --lesson it should hold STUDENT/NN-name.ipynb or NN-name/STUDENT.ipynb${example}. All of one lesson? Name it: --lesson 01`
}

function inLessons(dir: string, course: readonly GradedLesson[]): Found {
  const lessons = bySubmissions(course, ({ entry }) =>
    submissionsIn(join(dir, entry.folder), entry.folder),
  )
  const names = lessons.flatMap(({ submissions }) => submissions.map(({ student }) => student))
  const students = [...new Set(names)].sort().map((student) => ({ student, left: [] }))
  return { lessons, students, untouched: 0 }
}

function inStudents(dir: string, names: string[], course: readonly GradedLesson[]): Found {
  const works = [...names].sort().map((student) => findWork(student, resolve(dir, student), course))
  return {
    lessons: bySubmissions(course, (lesson) =>
      works.flatMap(({ handed }) => handed.get(lesson) ?? []),
    ),
    students: works,
    untouched: works.reduce((sum, work) => sum + work.untouched, 0),
  }
}

const bySubmissions = (
  course: readonly GradedLesson[],
  of: (lesson: GradedLesson) => Submission[],
): Coursework['lessons'] =>
  course
    .map((lesson) => ({ lesson, submissions: of(lesson) }))
    .filter(({ submissions }) => submissions.length > 0)

export type CourseworkOptions = Omit<FolderOptions, 'lesson' | 'seed'>

/**
 * Grades each lesson as `gradeFolder` does, into OUT/NN-name, all of them in the same turns, and writes OUT/gradebook.csv (or
 * `csv`) for the course.
 */
export async function gradeCoursework(
  { lessons, students }: Coursework,
  options: CourseworkOptions,
): Promise<Grade[]> {
  const { out, csv = join(out, 'gradebook.csv') } = options
  makeFolders([dirname(csv), ...lessons.map(({ lesson }) => join(out, lesson.entry.folder))])
  const marked = await Promise.all(
    lessons.map(async ({ lesson, submissions }) => {
      const place = { out: join(out, lesson.entry.folder), csv: undefined }
      const grades = await gradeFolder(submissions, { ...options, ...place, lesson })
      return { entry: lesson.entry, grades }
    }),
  )
  await writeAtomic(csv, courseGradebook(students, marked)).catch(refuse(csv))
  return marked.flatMap(({ grades }) => grades)
}

/** @throws UserError when results would lie where the next run looks for submissions */
export function requireOutside(dir: string, out: string): void {
  const way = relative(resolve(dir), resolve(out))
  // Absolute: on another drive.
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return
  throw new UserError(
    `grade: ${out} lies in ${dir}, where the next run would take it for submissions; choose another place with --out`,
  )
}
