import { Command } from 'commander'
import { version } from '../src/index.js'
import { adviseCommand } from './advise.js'
import { exportCommand } from './export.js'
import { failWith } from './fail.js'
import { gradeCommand } from './grade.js'
import { kernelCommand } from './kernel.js'
import { labCommand } from './lab.js'
import { lessonsCommand } from './lessons.js'
import { runCommand } from './run.js'

const program = new Command('downhill')
  .description('Learn how neural networks are trained, by running it.')
  .version(version)
  .showHelpAfterError()

/** One file a command: each adds itself to the program. */
const commands: ReadonlyArray<(program: Command) => void> = [
  adviseCommand,
  exportCommand,
  kernelCommand,
  gradeCommand,
  labCommand,
  lessonsCommand,
  runCommand,
]
for (const add of commands) add(program)

try {
  await program.parseAsync()
} catch (error) {
  failWith(error)
}
