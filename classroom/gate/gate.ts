import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { INotebookContent } from '@jupyterlab/nbformat'
import type { LessonEntry, NotebookEntry } from '../../lessons/manifest.js'
import { pointsOf } from '../../src/checks/run.js'
import { UserError } from '../../src/host/user-error.js'
import type { KernelHost } from '../client/types.js'
import { loadChecks, loadLesson } from '../grade/course.js'
import type { ExerciseGrade } from '../grade/grade.js'
import {
  findNotebooks,
  isLesson,
  lessonNotebook,
  notebookText,
  readLesson,
} from '../notebook/index.js'
import { figureFindings, figuresIn, type Shown } from './figures.js'
import { outputProblems, type Version } from './outputs.js'
import { gradeIn, type Run, runOnce } from './run.js'
import { sourceProblems, strayHints, uncountedProblems } from './sources.js'
import { typeErrors } from './typecheck.js'

export interface LessonReport {
  id: string
  title: string
  /** One line each, with the way out; none when the lesson may be taught. */
  problems: string[]
  /** One line each: what should be better. */
  warnings: string[]
  /** Points of the two versions, visible and hidden checks together; none for a guide, which has no exercises. */
  student?: number
  solution?: number
  max?: number
  /** Of all cells of a version, as they ran here; of a guide, which has one version: `notebook`. */
  seconds: Partial<Record<Version | 'notebook', number>>
}

export interface GateOptions {
  /** The clone. */
  root: string
  host: KernelHost
  /** Gets the figures of a notebook that has run; of a lesson, those of its solution. */
  onFigures?(figures: Shown[]): void
}

/**
 * The quality gate of a lesson: its notebook is current and holds no solution, both versions type-check and run to the end
 * without a word on stderr, each check has a hint, the student version gets nothing and the solution every point, as the
 * kernel shows them and as the grader gives them. A guide is current and runs to its end. Each version runs once;
 * what it draws can be read.
 */
export async function checkLesson(
  entry: NotebookEntry,
  options: GateOptions,
): Promise<LessonReport> {
  const { id, title } = entry
  const report: LessonReport = { id, title, problems: [], warnings: [], seconds: {} }
  try {
    if (isLesson(entry)) await examine(entry, report, options)
    else await examineGuide(entry, report, options)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    report.problems.push(error.message)
  }
  const name = isLesson(entry) ? `lesson ${id}` : id
  for (const kind of ['problems', 'warnings'] as const)
    report[kind] = report[kind].map((text) => (text.startsWith(name) ? text : `${name}: ${text}`))
  return report
}

async function examineGuide(
  entry: NotebookEntry,
  report: LessonReport,
  options: GateOptions,
): Promise<void> {
  const { root, host } = options
  const notebook = lessonNotebook(root, entry, { solution: false })
  report.problems.push(...currency(root, entry, notebook))
  note(report, 'notebook', await runOnce('the notebook', notebook, host))
  look(notebook, report, options)
}

/** One version after the other, so that their seconds are their own. */
async function examine(
  entry: LessonEntry,
  report: LessonReport,
  options: GateOptions,
): Promise<void> {
  const { root, host } = options
  const versions = {
    student: lessonNotebook(root, entry, { solution: false }),
    solution: lessonNotebook(root, entry, { solution: true }),
  }
  const lesson = await loadLesson(root, entry.id)
  report.problems.push(
    ...currency(root, entry, versions.student),
    ...sourceProblems(readLesson(root, entry), versions.student, lesson),
    ...strayHints(readFileSync(join(root, 'lessons', entry.folder, 'hints.md'), 'utf8'), lesson),
    ...uncountedProblems(checksText(root, entry), await loadChecks(root), counted),
  )
  report.max = sum(lesson.exercises.map(({ exercise }) => pointsOf(exercise)))
  const named = Object.entries(versions).map(([name, notebook]) => ({ name, notebook }))
  const types = await typeErrors(root, named)
  for (const [name, notebook] of Object.entries(versions)) {
    const version = name as Version
    const seed = Date.now() % 2 ** 32
    let grades: ExerciseGrade[] | undefined
    const run = await runOnce(`the ${version} version`, notebook, host, async (session) => {
      grades = await gradeIn(session, notebook, lesson, seed)
    })
    const errors = types.get(version)!
    report.problems.push(
      ...errors.map((error) => `the ${version} version does not type-check: ${error}`),
    )
    note(report, version, run)
    if (!grades) continue
    report[version] = sum(grades.map(({ points }) => points))
    report.problems.push(
      ...gradeProblems(version, grades, { id: entry.id, seed }),
      ...outputProblems(version, notebook, entry),
    )
    if (version === 'solution') look(notebook, report, options)
  }
}

/** Exercises that points are given for. */
const counted = findNotebooks([]).flatMap((entry) => (isLesson(entry) ? entry.exercises : []))

const checksText = (root: string, { folder }: LessonEntry): string =>
  ['visible', 'hidden']
    .map((name) => readFileSync(join(root, 'lessons', folder, `${name}.ts`), 'utf8'))
    .join('\n')

function note(report: LessonReport, version: Version | 'notebook', run: Run): void {
  report.problems.push(...run.problems)
  report.warnings.push(...run.warnings)
  report.seconds[version] = run.seconds
}

function look(notebook: INotebookContent, report: LessonReport, { onFigures }: GateOptions): void {
  const figures = figuresIn(notebook)
  for (const { problems, warnings } of figures.map(figureFindings)) {
    report.problems.push(...problems)
    report.warnings.push(...warnings)
  }
  onFigures?.(figures)
}

function currency(root: string, { id, folder }: NotebookEntry, built: INotebookContent): string[] {
  const path = `notebooks/${folder}.ipynb`
  let committed = ''
  try {
    committed = readFileSync(join(root, path), 'utf8')
  } catch {
    // Not there: not current.
  }
  return committed === notebookText(built)
    ? []
    : [`${path} is not current; run downhill lessons build ${id}`]
}

function gradeProblems(
  version: Version,
  grades: readonly ExerciseGrade[],
  { id, seed }: { id: string; seed: number },
): string[] {
  const checks = grades.flatMap((exercise) => exercise.checks)
  const wrong = checks.filter(({ ok }) => ok !== (version === 'solution'))
  return wrong.map(({ name, expected, got }) =>
    version === 'solution'
      ? `the solution fails check "${name}" (expected ${expected}, got ${got}; seed ${seed}); run downhill lessons check ${id}`
      : `the student version passes check "${name}"; a check must fail until the exercise is done`,
  )
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
