import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
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

const largestNotebook = 50e6

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
  const problem = await fill(grade, submission, options)
  if (problem !== undefined) {
    grade.flags.push(problem)
    grade.exercises = lesson.exercises.map((entry) => ungraded(entry, problem))
  }
  grade.points = sum(grade.exercises.map(({ points }) => points))
  grade.max = sum(grade.exercises.map(({ max }) => max))
  grade.seconds = Math.round(performance.now() - started) / 1000
  return grade
}

/** Returns why nothing could be graded. */
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
    const notebook = readNotebook(path)
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
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.message.replace(`${path}: `, '')
  } finally {
    await learner?.close()
    grade.flags.push(...new Set(reached))
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
        process.kill(-pid, 'SIGKILL')
      }
      unwatch = watch({ pid, limits, folder, stop })
    },
    ended: () => unwatch(),
  }
}

type LessonExercise = GradedLesson['exercises'][number]

async function gradeExercise(
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
