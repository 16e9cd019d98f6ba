import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Command } from 'commander'
import { findLessons, lessonNotebook, writeNotebook } from '../classroom/notebook/index.js'
import { packageRoot } from './root.js'

interface BuildFlags {
  solution?: boolean
  out?: string
}

/** `downhill lessons build|check`: for those who write lessons, in a clone. */
export function lessonsCommand(program: Command): void {
  const group = program
    .command('lessons')
    .description('build the notebooks of the course, and check them')
  group
    .command('build')
    .description('lessons/NN-name/lesson.ts → notebooks/NN-name.ipynb')
    .argument('[lesson...]', 'ids or names, such as 01; all of them by default')
    .option('--solution', 'with the solutions; needs --out')
    .option('--out <dir>', 'folder to write to (default: notebooks)')
    .action(build)
}

async function build(names: string[], { solution = false, out }: BuildFlags, command: Command) {
  if (solution && out === undefined)
    command.error(
      'lessons build: --solution needs --out DIR; solutions do not belong into notebooks/',
    )
  const folder = out ?? join(packageRoot, 'notebooks')
  mkdirSync(folder, { recursive: true })
  for (const entry of findLessons(names)) {
    const path = join(folder, `${entry.folder}.ipynb`)
    await writeNotebook(path, lessonNotebook(packageRoot, entry, { solution }))
    console.log(relative(process.cwd(), path))
  }
}
