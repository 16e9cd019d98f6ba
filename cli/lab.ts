import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from './fail.js'
import { installKernelInto } from './lab/kernelspec.js'
import { choosePort } from './lab/port.js'
import { startLab } from './lab/server.js'
import { onStop } from './lab/stop.js'
import { ensureVenv, PythonError } from './lab/venv.js'
import { fillWork } from './lab/work.js'
import { inClone, labFolders, packageRoot } from './root.js'

interface LabFlags {
  port?: string
  browser: boolean
  python: boolean
}

const say = (line: string) => process.stderr.write(`downhill: ${line}\n`)

/** `downhill lab [DIR]`: JupyterLab with our kernel on the learner's copies of the lessons. */
export function labCommand(program: Command): void {
  program
    .command('lab')
    .description('open the lessons in JupyterLab (what npm start does)')
    .argument('[dir]', 'the folder of your copies; lessons that it lacks are put there', 'work')
    .option('--port <n>', 'port on 127.0.0.1 (default: 8888, or the next that is free)')
    .option('--no-browser', 'print the address, open nothing')
    .option('--no-python', 'serve the lessons as live web pages instead; needs no Python')
    .action(lab)
}

async function lab(dir: string, flags: LabFlags): Promise<void> {
  const port = await choosePort(flags.port)
  const work = inClone && dir === 'work' ? join(packageRoot, dir) : resolve(dir)
  const copied = fillWork(join(packageRoot, 'notebooks'), work)
  if (copied.length > 0) say(`put into ${work}: ${copied.join(', ')}`)
  const python = flags.python ? await preparePython() : undefined
  if (!python) return
  say('starting JupyterLab …')
  const server = await startLab({
    python,
    work,
    home: labFolders.jupyter,
    port,
    browser: flags.browser,
  })
  let asked = false
  onStop(() => {
    asked = true
    void server.stop()
  })
  process.stdout.write(`JupyterLab: ${server.url}\n`)
  say('Ctrl-C stops it')
  const status = await server.ended
  if (!asked && status !== 0)
    throw new UserError(`lab: JupyterLab ended by itself (exit ${status}); see ${server.log}`)
}

async function preparePython(): Promise<string | undefined> {
  try {
    const python = await ensureVenv({
      folder: labFolders.venv,
      requirements: [join(packageRoot, 'cli', 'requirements.txt')],
      say,
    })
    await installKernelInto(labFolders.venv)
    return python
  } catch (error) {
    if (!(error instanceof PythonError)) throw error
    say(error.message)
    return undefined
  }
}
