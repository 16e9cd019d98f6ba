import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import {
  findSubmissions,
  type Grade,
  gradeFolder,
  loadLesson,
  requireSandbox,
} from '../classroom/grade/index.js'
import { UserError } from './fail.js'
import { seconds, wholeNumber, withHost } from './options.js'
import { packageRoot } from './root.js'

interface Flags {
  lesson: string
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

/** `downhill grade DIR --lesson ID`: marks a folder of submissions. */
export function gradeCommand(program: Command): void {
  program
    .command('grade')
    .description('mark a folder of submissions, each in its own sandbox')
    .argument('<dir>', 'holds STUDENT.ipynb, or a folder with a notebook for each student')
    .requiredOption('--lesson <id>', 'lesson that was handed in, such as 01')
    .option('--out <dir>', 'folder for results, feedback and gradebook.csv (default: DIR-grades)')
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
      'repeat a run with the inputs of hidden checks that its results name',
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
  if (server !== undefined && flags.unsafe)
    throw new UserError(
      'grade: --server or --unsafe, not both; a server isolates as it was set up to',
    )
  const lesson = await loadLesson(packageRoot, flags.lesson)
  const submissions = findSubmissions(dir, lesson.entry.folder)
  const sandboxed = server === undefined && !flags.unsafe
  if (sandboxed) requireSandbox()
  const grades = await withHost(server, (host) =>
    gradeFolder(submissions, {
      host,
      lesson,
      packageRoot,
      sandboxed,
      times: { step: timeout, call: timeout / 3, total: 10 * timeout },
      limits: { cpu: Math.ceil(timeout / 100), memory: 1.5e9, files: 64 * 2 ** 20, processes: 16 },
      seed: flags.seed,
      out: flags.out ?? `${resolve(dir)}-grades`,
      csv,
      jobs,
      regrade,
      onGrade: tell,
    }),
  )
  const where = csv ?? join(flags.out ?? `${resolve(dir)}-grades`, 'gradebook.csv')
  const failed = grades.filter((one) => one.failed).length
  const notes = failed > 0 ? `, ${failed} not: run it again for these` : ''
  process.stderr.write(`${grades.length - failed} marked${notes}, gradebook in ${where}\n`)
  if (flags.json) process.stdout.write(`${JSON.stringify(grades, null, 2)}\n`)
  if (failed > 0) process.exitCode = 1
}

function tell({ student, failed, points, max, seconds: took, flags }: Grade, fresh: boolean): void {
  const time = fresh ? `${took.toFixed(1)} s` : 'as before'
  const notes = flags.length > 0 ? `; ${flags.join('; ')}` : ''
  // A file's name can hold what a terminal obeys.
  const name = student.replace(/\p{C}/gu, '?')
  process.stderr.write(`${name}: ${failed ? 'failed' : `${points} of ${max}`} (${time})${notes}\n`)
}
