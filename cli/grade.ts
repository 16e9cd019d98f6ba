import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import {
  type Coursework,
  type CourseworkOptions,
  findCoursework,
  findSubmissions,
  type Grade,
  gradeCoursework,
  gradeFolder,
  inTurns,
  loadCourse,
  loadLesson,
  requireOutside,
  requireSandbox,
} from '../classroom/grade/index.js'
import { UserError } from './fail.js'
import { seconds, wholeNumber, withHost } from './options.js'
import { packageRoot } from './root.js'

interface Flags {
  lesson?: string
  out?: string
  csv?: string
  jobs: number
  timeout: number
  server?: string
  unsafe?: boolean
  regrade?: boolean
  seed?: number
  json?: boolean
}

/** `downhill grade DIR`: marks what a class handed in, of the whole course or of one lesson. */
export function gradeCommand(program: Command): void {
  program
    .command('grade')
    .description('mark what a class handed in, each notebook in its own sandbox')
    .argument(
      '<dir>',
      'holds STUDENT/NN-name.ipynb, STUDENT/NN-name/ or NN-name/STUDENT.ipynb; with --lesson, STUDENT.ipynb or a folder with a notebook for each student',
    )
    .option(
      '--lesson <id>',
      'the lesson that was handed in, such as 01 (default: the whole course)',
    )
    .option(
      '--out <dir>',
      'folder for results, feedback and gradebook.csv (default: DIR-grades); of a course, with a folder for each lesson',
    )
    .option('--csv <file>', 'write the gradebook here instead')
    .option('--jobs <n>', 'submissions at a time', wholeNumber, availableParallelism())
    .addOption(
      new Option('--timeout <s>', 'seconds for a cell, and for all checks of an exercise')
        .argParser(seconds)
        .default(30_000, '30'),
    )
    .option('--regrade', 'mark also what was marked before and has not changed')
    .option(
      '--seed <n>',
      'with --lesson: repeat a run with the inputs of hidden checks that its results name',
      wholeNumber,
    )
    .option(
      '--server <url>',
      'use kernels of a Jupyter Server (its token: JUPYTER_TOKEN), and its isolation',
    )
    .option('--unsafe', 'without a sandbox: submissions can read and change your files')
    .option('--json', 'print the results as JSON')
    .action(grade)
}

async function grade(dir: string, flags: Flags): Promise<void> {
  const { server, timeout, jobs, csv, regrade = false } = flags
  const out = flags.out ?? `${resolve(dir)}-grades`
  if (server !== undefined && flags.unsafe)
    throw new UserError(
      'grade: --server or --unsafe, not both; a server isolates as it was set up to',
    )
  const sandboxed = server === undefined && !flags.unsafe
  const mark = await (flags.lesson === undefined
    ? wholeCourse(dir, out, flags)
    : oneLesson(dir, flags.lesson, flags))
  if (sandboxed) requireSandbox()
  const grades = await withHost(server, (host) =>
    mark({
      host,
      packageRoot,
      sandboxed,
      times: { step: timeout, call: timeout / 3, total: 10 * timeout },
      limits: { cpu: Math.ceil(timeout / 100), memory: 1.5e9, files: 64 * 2 ** 20, processes: 16 },
      out,
      csv,
      turns: inTurns(jobs),
      regrade,
    }),
  )
  const failed = grades.filter((one) => one.failed).length
  const notes = failed > 0 ? `, ${failed} not: run it again for these` : ''
  const where = csv ?? join(out, 'gradebook.csv')
  process.stderr.write(`${grades.length - failed} marked${notes}, gradebook in ${where}\n`)
  if (flags.json) process.stdout.write(`${JSON.stringify(grades, null, 2)}\n`)
  if (failed > 0) process.exitCode = 1
}

type Mark = (options: CourseworkOptions) => Promise<Grade[]>

async function oneLesson(dir: string, id: string, { seed }: Flags): Promise<Mark> {
  const lesson = await loadLesson(packageRoot, id)
  const submissions = findSubmissions(dir, lesson.entry.folder)
  return (options) => gradeFolder(submissions, { ...options, lesson, seed, onGrade: tell })
}

async function wholeCourse(dir: string, out: string, { seed }: Flags): Promise<Mark> {
  if (seed !== undefined)
    throw new UserError(
      'grade: --seed repeats the run of one lesson, and each draws its own; say which: --lesson ID',
    )
  requireOutside(dir, out)
  const course = findCoursework(dir, await loadCourse(packageRoot))
  return (options) => {
    announce(course)
    return gradeCoursework(course, {
      ...options,
      onGrade: (grade, fresh) =>
        tell({ ...grade, student: `${grade.lesson} ${grade.student}` }, fresh),
    })
  }
}

function announce({ left, lessons, students, untouched }: Coursework): void {
  const own = students.flatMap((one) => one.left.map((line) => `${one.student}: ${line}`))
  for (const line of [...left, ...own]) say(`not marked: ${line}`)
  const notebooks = lessons.reduce((sum, { submissions }) => sum + submissions.length, 0)
  const passed = untouched > 0 ? `; ${untouched} more untouched` : ''
  say(
    `notebooks to mark: ${notebooks}, students: ${students.length}, lessons: ${lessons.length}${passed}`,
  )
}

function tell({ student, failed, points, max, seconds: took, flags }: Grade, fresh: boolean): void {
  const time = fresh ? `${took.toFixed(1)} s` : 'as before'
  const notes = flags.length > 0 ? `; ${flags.join('; ')}` : ''
  say(`${student}: ${failed ? 'failed' : `${points} of ${max}`} (${time})${notes}`)
}

/** A file's name can hold what a terminal obeys. */
const say = (line: string): void => void process.stderr.write(`${line.replace(/\p{C}/gu, '?')}\n`)
