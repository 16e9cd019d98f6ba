import { createHash, randomInt } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeAtomic } from '../../kernel/atomic.js'
import { makeFolder } from '../../kernel/make-folder.js'
import { fileError, UserError } from '../../src/host/user-error.js'
import { feedbackPage } from './feedback.js'
import { type Grade, type GradeOptions, gradeSubmission } from './grade.js'
import { gradebook } from './gradebook.js'
import { type Submission, submissionHash } from './submissions.js'
import type { Turns } from './turns.js'

export interface FolderOptions extends Omit<GradeOptions, 'seed'> {
  /**
   * Without one it is drawn. What was not marked yet then gets that of the results which are there, so that a class which was marked in two runs drew the
   * same; what is handed in a second time gets a new one.
   */
  seed?: number
  /** Gets results/STUDENT.json, feedback/STUDENT.html and, unless `csv` says otherwise, gradebook.csv. */
  out: string
  csv?: string
  /** How many submissions are graded at the same time, those of other folders included. */
  turns: Turns
  /** Also those whose result is there already. */
  regrade: boolean
  /** Called for each; `fresh` is false for a result of an earlier run. */
  onGrade?(grade: Grade, fresh: boolean): void
}

/**
 * Grades submissions, each in its turn, and writes each result when it is there, so that a run that was cut short goes on
 * where it was: what has a result for the same submission, checks and limits is not graded again.
 */
export async function gradeFolder(
  submissions: Submission[],
  options: FolderOptions,
): Promise<Grade[]> {
  const { out, csv = join(out, 'gradebook.csv') } = options
  makeFolders([join(out, 'results'), join(out, 'feedback'), dirname(csv)])
  const anew = options.seed ?? randomInt(1, 2 ** 32)
  const seeds = { anew, first: options.seed ?? seedThere(options) ?? anew }
  const grades = await Promise.all(
    submissions.map((each) => options.turns(() => gradeOne(each, options, seeds))),
  )
  await writeAtomic(csv, gradebook(grades)).catch(refuse(csv))
  return grades
}

/** Makes folders for what will be written, before any work is done for it. */
export function makeFolders(folders: string[]): void {
  for (const folder of folders)
    try {
      makeFolder(folder)
    } catch (error) {
      refuse(folder)(error)
    }
}

/** Throws what the system said about a file of ours. */
export const refuse = (path: string) => (error: unknown) => {
  throw fileError(path, {
    what: 'written',
    error,
    wayOut: 'choose another place with --out or --csv',
  })
}

/** That of the results of an earlier run, by the same checks. */
function seedThere({ out, lesson, regrade }: FolderOptions): number | undefined {
  if (regrade) return undefined
  const folder = join(out, 'results')
  for (const name of readdirSync(folder).sort())
    try {
      const { seed, basis } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      if (Number.isInteger(seed) && JSON.parse(basis)[1] === lesson.version) return seed
    } catch {
      // Not a result of ours.
    }
  return undefined
}

async function gradeOne(
  submission: Submission,
  options: FolderOptions,
  seeds: { first: number; anew: number },
): Promise<Grade> {
  const { out, lesson, times, limits, sandboxed, host, regrade, onGrade } = options
  const name = fileName(submission.student)
  const path = join(out, 'results', `${name}.json`)
  let handed = submission
  const basis = JSON.stringify([
    hashed(submission, (problem) => {
      handed = { student: submission.student, problem, beside: [] }
    }),
    lesson.version,
    times,
    limits,
    sandboxed,
    host.name,
  ])
  const seed = existsSync(path) ? seeds.anew : seeds.first
  const earlier = regrade ? undefined : await readResult(path, basis)
  const grade = earlier ?? (await gradeSubmission(handed, { ...options, seed }))
  // The page first: a result is only there when all of it is.
  if (!earlier && !grade.failed) {
    const page = feedbackPage(grade, `${lesson.entry.id} ${lesson.entry.title}`)
    const pagePath = join(out, 'feedback', `${name}.html`)
    await writeAtomic(pagePath, page).catch(refuse(pagePath))
    await writeAtomic(path, `${JSON.stringify({ ...grade, basis }, null, 2)}\n`).catch(refuse(path))
  }
  onGrade?.(grade, !earlier)
  return grade
}

/** The hash of a submission; of one that is too much or cannot be read, the hash of that. */
function hashed(submission: Submission, refuse: (problem: string) => void): string {
  try {
    return submissionHash(submission)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const problem = error instanceof UserError ? message : `it cannot be read (${code})`
    refuse(problem)
    return problem
  }
}

/** A folder takes names of 255 bytes, and a file that is being written has 46 more than the student. */
function fileName(student: string): string {
  if (Buffer.byteLength(student) <= 200) return student
  const hash = createHash('sha256').update(student).digest('hex').slice(0, 16)
  return `${[...student].slice(0, 40).join('')}-${hash}`
}

async function readResult(path: string, basis: string): Promise<Grade | undefined> {
  try {
    const { basis: found, ...grade } = JSON.parse(await readFile(path, 'utf8'))
    return found === basis ? (grade as Grade) : undefined
  } catch {
    return undefined
  }
}
