import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Command } from 'commander'
import type { Shown } from '../classroom/gate/figures.js'
import { checkLesson, type LessonReport } from '../classroom/gate/gate.js'
import { type Drawn, writeSheet } from '../classroom/gate/sheet.js'
import { findNotebooks, lessonNotebook, writeNotebook } from '../classroom/notebook/index.js'
import { newLesson } from '../classroom/template/new.js'
import { fileError, UserError } from './fail.js'
import { withHost } from './options.js'
import { inClone, packageRoot } from './root.js'

interface BuildFlags {
  solution?: boolean
  out?: string
}

/** `downhill lessons build|new|check`: for those who write lessons, in a clone. */
export function lessonsCommand(program: Command): void {
  const group = program
    .command('lessons')
    .description('make lessons, build their notebooks, and check that they may be taught')
  group
    .command('build')
    .description('lessons/NN-name/lesson.ts, docs/kernel-tour.ts and other guides → notebooks/')
    .argument('[lesson...]', 'ids or names, such as 01 or tour; all of them by default')
    .option('--solution', 'with the solutions; needs --out')
    .option('--out <dir>', 'folder to write to (default: notebooks)')
    .action(build)
  group
    .command('new')
    .description(
      'make a lesson out of the template: its folder, its test, and its lines in the lists',
    )
    .argument('<name>', 'lower case, with hyphens, such as gradient-noise')
    .action(make)
  group
    .command('check')
    .description(
      'prove that lessons may be taught: 0 points for the student version, all for the solution',
    )
    .argument('[lesson...]', 'ids or names, such as 01; all of them by default')
    .option('--sheet <folder>', 'write every figure that was drawn into a contact sheet')
    .option('--json', 'print the reports as JSON')
    .action(check)
}

async function build(names: string[], { solution = false, out }: BuildFlags, command: Command) {
  if (solution && out === undefined)
    command.error(
      'lessons build: --solution needs --out DIR; solutions do not belong into notebooks/',
    )
  const folder = out ?? join(packageRoot, 'notebooks')
  makeFolder(folder, '--out')
  for (const entry of findNotebooks(names)) {
    const path = join(folder, `${entry.folder}.ipynb`)
    await writeNotebook(path, lessonNotebook(packageRoot, entry, { solution }))
    console.log(relative(process.cwd(), path))
  }
}

function make(name: string): void {
  if (!inClone) throw new UserError('lessons new: lessons are written in a clone of the repository')
  const { id, files } = newLesson(packageRoot, name)
  for (const file of files) console.log(file)
  console.log(`next: npx downhill lessons build ${id}, then npx downhill lessons check ${id}`)
}

function makeFolder(folder: string, option: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw fileError(folder, {
      what: 'written',
      error,
      wayOut: `choose another folder with ${option}`,
    })
  }
}

interface CheckFlags {
  sheet?: string
  json?: boolean
}

async function check(names: string[], { sheet, json = false }: CheckFlags): Promise<void> {
  const entries = findNotebooks(names)
  if (sheet !== undefined) makeFolder(sheet, '--sheet')
  const drawn: Drawn[] = []
  const reports = await withHost(undefined, async (host) => {
    const all: LessonReport[] = []
    for (const entry of entries) {
      const onFigures = (figures: Shown[]): void => {
        drawn.push({ entry, figures })
      }
      const report = await checkLesson(entry, { root: packageRoot, host, onFigures })
      all.push(report)
      process.stderr.write(lines(report))
    }
    return all
  })
  if (sheet !== undefined) await writeSheet(sheet, drawn)
  if (json) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`)
  if (reports.some(({ problems }) => problems.length > 0)) process.exitCode = 1
}

function lines(report: LessonReport): string {
  const { id, title, problems, warnings, student = 'none', solution = 'none', max } = report
  const points =
    max === undefined ? '' : `student version ${student}, solution ${solution} of ${max} points; `
  const seconds = Object.values(report.seconds).map((time) => time.toFixed(1))
  const head = `${problems.length === 0 ? 'ok    ' : 'FAILED'}  ${id} ${title}: ${points}cells ${seconds.join(' + ')} s`
  const told = [...problems, ...warnings.map((text) => `warning: ${text}`)]
  return [head, ...told.map((text) => `        ${text}`), ''].join('\n')
}
