import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { INotebookContent } from '@jupyterlab/nbformat'
import { kernelName } from '../../kernel/install/spec.js'
import { seededRandom } from '../../src/checks/random.js'
import { runChecks } from '../../src/checks/run.js'
import type { CheckResult } from '../../src/checks/types.js'
import { UserError } from '../../src/host/user-error.js'
import type { KernelHost, Launch } from '../client/types.js'
import { readNotebook } from '../notebook/index.js'
import type { GradedLesson } from './course.js'
import { watch } from './guard.js'
import { type CellTrouble, Learner, type TimeLimits } from './learner.js'
import { type Limits, sandboxArgv } from './sandbox.js'
import type { Submission } from './submissions.js'
import { findTampering, learnerCells } from './tampering.js'

export interface GradedCheck extends CheckResult {
  hidden: boolean
}

export interface ExerciseGrade {
  id: string
  points: number
  max: number
  checks: GradedCheck[]
}

/** Bytes. A larger one is not read. */
export const largestNotebook = 50e6

/** What is written for each student. */
export interface Grade {
  student: string
  lesson: string
  points: number
  max: number
  exercises: ExerciseGrade[]
  /** Cells that did not simply run. */
  cells: CellTrouble[]
  /** What a teacher should look at: a changed check, a broken file, a limit that was reached. */
  flags: string[]
  /** It could not be graded, and not by its own fault: these are no points. Such a result is not kept. */
  failed?: true
  seconds: number
  /** Where it ran: "bubblewrap", "no sandbox", or a server's address. */
  isolation: string
  /** Of the inputs of the hidden checks, to repeat this run (--seed). */
  seed: number
}

export interface GradeOptions {
  host: KernelHost
  lesson: GradedLesson
  times: TimeLimits
  limits: Limits
  packageRoot: string
  /** Kernels run in bubblewrap. */
  sandboxed: boolean
  seed: number
}

/** Grades one submission. What the submission does can cost it points, but never ends the grader. */
export async function gradeSubmission(
  submission: Submission,
  options: GradeOptions,
): Promise<Grade> {
  const { host, lesson, seed, sandboxed } = options
  const started = performance.now()
  const grade: Grade = {
    student: submission.student,
    lesson: lesson.entry.id,
    points: 0,
    max: 0,
    exercises: [],
    cells: [],
    flags: [],
    seconds: 0,
    isolation: sandboxed ? 'bubblewrap' : host.name === 'embedded' ? 'no sandbox' : host.name,
    seed,
  }
  const problem = await fill(grade, submission, options).catch((error) => {
    grade.failed = true
    return `not graded: ${String(error?.message ?? error)}`
  })
  if (problem !== undefined) {
    grade.flags.push(oneLine(problem))
    grade.exercises = lesson.exercises.map((entry) => ungraded(entry, oneLine(problem)))
  }
  grade.points = sum(grade.exercises.map(({ points }) => points))
  grade.max = sum(grade.exercises.map(({ max }) => max))
  grade.seconds = Math.round(performance.now() - started) / 1000
  return grade
}

/** Parts of it may be the learner's, and it is printed. */
const oneLine = (text: string) => text.replace(/\p{C}+/gu, ' ').slice(0, 300)

/**
 * Returns why nothing could be graded, if that is the submission's fault.
 * @throws what is not
 */
async function fill(
  grade: Grade,
  submission: Submission,
  options: GradeOptions,
): Promise<string | undefined> {
  const { path, problem } = submission
  if (path === undefined) return problem
  if (statSync(path).size > largestNotebook)
    return `the notebook is larger than ${largestNotebook / 1e6} MB`
  const reached: string[] = []
  let learner: Learner | undefined
  try {
    const notebook = readHanded(path)
    if (typeof notebook === 'string') return notebook
    grade.flags.push(...findTampering(notebook, options.lesson.original))
    learner = await Learner.start({
      host: options.host,
      kernel: kernelName,
      cwd: dirname(path),
      launch: options.sandboxed ? sandboxed(submission, options, reached) : undefined,
      cells: learnerCells(notebook),
      limits: options.times,
    })
    for (const entry of options.lesson.exercises)
      grade.exercises.push(await gradeExercise(entry, learner, options.seed))
    grade.cells.push(...learner.troubles)
    return undefined
  } finally {
    await learner?.close()
    grade.flags.push(...new Set(reached))
  }
}

/** The notebook, or what is wrong with it. */
function readHanded(path: string): INotebookContent | string {
  try {
    return readNotebook(path)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.message.replace(`${path}: `, '')
  }
}

/** A launch in bubblewrap, watched; `reached` gets the limits that were. */
function sandboxed(submission: Submission, options: GradeOptions, reached: string[]): Launch {
  const { packageRoot, limits } = options
  let folder = ''
  let unwatch = (): void => {}
  return {
    wrap(argv, sockets) {
      folder = sockets
      return sandboxArgv(argv, sockets, { packageRoot, limits, beside: submission.beside })
    },
    started(pid) {
      unwatch()
      const stop = (reason: string): void => {
        reached.push(reason)
        try {
          process.kill(-pid, 'SIGKILL')
        } catch {
          // It had just ended.
        }
      }
      unwatch = watch({ pid, limits, folder, stop })
    },
    ended: () => unwatch(),
  }
}

type LessonExercise = GradedLesson['exercises'][number]

/** The checks of one exercise, visible and hidden, on a learner's functions. */
export async function gradeExercise(
  { exercise, hidden }: LessonExercise,
  learner: Learner,
  seed: number,
): Promise<ExerciseGrade> {
  // Each exercise draws from its own source, so that one does not shift another's numbers.
  const own = createHash('sha256').update(`${seed} ${exercise.id}`).digest().readUInt32LE()
  const result = await runChecks(exercise, learner.student(), seededRandom(own))
  return { ...result, checks: result.checks.map((row, k) => ({ ...row, hidden: k >= hidden })) }
}

function ungraded({ exercise, hidden }: LessonExercise, problem: string): ExerciseGrade {
  const checks = exercise.checks.map(({ name, rule, points: max }, k) => {
    const verdict = { ok: false, expected: 'a result', got: problem }
    return { name, rule, points: 0, max, hidden: k >= hidden, ...verdict }
  })
  return { id: exercise.id, points: 0, max: sum(checks.map(({ max }) => max)), checks }
}

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0)
