import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { INotebookContent } from '@jupyterlab/nbformat'
import type { LessonEntry, NotebookEntry } from '../../lessons/manifest.js'
import { UserError } from '../../src/host/user-error.js'
import type { KernelHost } from '../client/types.js'
import { type GradedLesson, loadLesson } from '../grade/course.js'
import { type Grade, gradeSubmission } from '../grade/grade.js'
import { isLesson, lessonNotebook, notebookText, writeNotebook } from '../notebook/index.js'

import { cellLimit, endProblems, runProblems, type Version } from './run.js'
import { typeErrors } from './typecheck.js'

export interface LessonReport {
  id: string
  title: string
  /** One line each, with the way out; none when the lesson may be taught. */
  problems: string[]
  /** Points of the two versions, visible and hidden checks together; none for a guide, which has no exercises. */
  student?: number
  solution?: number
  max?: number
  seconds: number
}

export interface GateOptions {
  /** The clone. */
  root: string
  host: KernelHost
}

/**
 * The quality gate of a lesson: its notebook is current and holds no solution, both versions type-check and run to the end
 * without a word on stderr, each check has a hint, the student version gets nothing and the solution every point, as the
 * kernel shows them and as the grader gives them. A guide is current and runs to its end.
 */
export async function checkLesson(
  entry: NotebookEntry,
  { root, host }: GateOptions,
): Promise<LessonReport> {
  const started = performance.now()
  const { id, title } = entry
  const report: LessonReport = { id, title, problems: [], seconds: 0 }
  try {
    if (isLesson(entry)) await examine(entry, report, root, host)
    else report.problems.push(...(await guideProblems(entry, root, host)))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    report.problems.push(error.message)
  }
  const name = isLesson(entry) ? `lesson ${id}` : id
  report.problems = report.problems.map((text) =>
    text.startsWith(name) ? text : `${name}: ${text}`,
  )
  report.seconds = Math.round(performance.now() - started) / 1000
  return report
}

async function guideProblems(
  entry: NotebookEntry,
  root: string,
  host: KernelHost,
): Promise<string[]> {
  const notebook = lessonNotebook(root, entry, { solution: false })
  const stale = currency(root, entry, notebook)
  return [...stale, ...(await endProblems('the notebook', notebook, host))]
}

async function examine(
  entry: LessonEntry,
  report: LessonReport,
  root: string,
  host: KernelHost,
): Promise<void> {
  const versions = {
    student: lessonNotebook(root, entry, { solution: false }),
    solution: lessonNotebook(root, entry, { solution: true }),
  }
  const lesson = await loadLesson(root, entry.id)
  report.problems.push(...currency(root, entry, versions.student), ...checksProblems(lesson))
  const [types, ...results] = await Promise.all([
    typeErrors(root, [
      { name: 'student', notebook: versions.student },
      { name: 'solution', notebook: versions.solution },
    ]),
    tried('student', versions.student, lesson, root, host),
    tried('solution', versions.solution, lesson, root, host),
  ])
  for (const { version, grade, problems } of results) {
    const errors = types.get(version)!
    report[version] = grade.points
    report.max = grade.max
    report.problems.push(
      ...errors.map((error) => `the ${version} version does not type-check: ${error}`),
      ...gradeProblems(version, grade, entry),
      ...problems,
    )
  }
}

/** Graded, and run: in two kernels, one after the other. */
async function tried(
  version: Version,
  notebook: INotebookContent,
  lesson: GradedLesson,
  root: string,
  host: KernelHost,
): Promise<{ version: Version; grade: Grade; problems: string[] }> {
  const grade = await graded(version, notebook, lesson, root, host)
  return { version, grade, problems: await runProblems(version, notebook, lesson.entry, host) }
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

function checksProblems({ entry, exercises }: GradedLesson): string[] {
  return exercises.flatMap(({ exercise, hidden }) => {
    const { visible: visiblePoints, hidden: hiddenPoints } = entry.exercises.find(
      ({ id }) => id === exercise.id,
    )!
    const points = (from: number, to?: number): number =>
      exercise.checks.slice(from, to).reduce((sum, check) => sum + check.points, 0)
    const found = [points(0, hidden), points(hidden)]
    const unlike = found[0] !== visiblePoints || found[1] !== hiddenPoints
    return [
      ...(unlike
        ? [
            `exercise "${exercise.id}" gives ${found.join(' + ')} points, manifest.ts says ${visiblePoints} + ${hiddenPoints}`,
          ]
        : []),
      ...exercise.checks
        .filter(({ hint }) => hint === undefined)
        .map(
          ({ name }) =>
            `check "${name}" has no hint; write one under "# ${exercise.id}" in lessons/${entry.folder}/hints.md`,
        ),
    ]
  })
}

/** The grader itself, without its sandbox: both versions are ours. */
async function graded(
  version: Version,
  notebook: INotebookContent,
  lesson: GradedLesson,
  packageRoot: string,
  host: KernelHost,
): Promise<Grade> {
  const folder = mkdtempSync(join(tmpdir(), 'downhill-lesson-'))
  try {
    const path = join(folder, `${version}.ipynb`)
    await writeNotebook(path, notebook)
    const times = { step: cellLimit, call: 10_000, total: 10 * cellLimit }
    const limits = { cpu: 600, memory: 4e9, files: 1e9, processes: 64 }
    return await gradeSubmission(
      { student: version, path, beside: [] },
      { host, lesson, times, limits, packageRoot, sandboxed: false, seed: Date.now() % 2 ** 32 },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function gradeProblems(
  version: Version,
  { exercises, cells, seed }: Grade,
  { id }: LessonEntry,
): string[] {
  const checks = exercises.flatMap((exercise) => exercise.checks)
  const wrong = checks.filter(({ ok }) => ok !== (version === 'solution'))
  return [
    ...cells.map(({ cell, what }) => `cell ${cell} of the ${version} version: ${what}`),
    ...wrong.map(({ name, expected, got }) =>
      version === 'solution'
        ? `the solution fails check "${name}" (expected ${expected}, got ${got}; seed ${seed}); run downhill lessons check ${id}`
        : `the student version passes check "${name}"; a check must fail until the exercise is done`,
    ),
  ]
}
