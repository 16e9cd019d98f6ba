import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from './fail.js'
import { choosePort, onFreePort } from './lab/port.js'
import type { LabOptions } from './lab/server.js'
import { onStop } from './lab/stop.js'
import { ensureVenv, PythonError } from './lab/venv.js'
import { fillWork } from './lab/work.js'
import { inClone, labFolders, packageRoot } from './root.js'

/** The course's entry page; a learner may have deleted it. */
const entryPage = '00-start-here.ipynb'

interface Flags {
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
    .option('--no-python', 'serve the lessons as web pages instead; needs no Python')
    .action(lab)
}

async function lab(dir: string, flags: Flags): Promise<void> {
  const port = await choosePort(flags.port)
  const work = inClone && dir === 'work' ? join(packageRoot, dir) : resolve(dir)
  const copied = await fillWork(join(packageRoot, 'notebooks'), work)
  if (copied.length > 0) say(`put into ${work}: ${copied.join(', ')}`)
  const python = flags.python ? await preparePython() : undefined
  const first = existsSync(join(work, entryPage)) ? entryPage : undefined
  if (python) await serveJupyter({ python, work, port, browser: flags.browser, first }, flags.port)
  else await servePages({ work, port, browser: flags.browser }, flags.port)
}

/** Only what the way taken needs is loaded: pages bring a DOM and a formula setter along. */
async function serveJupyter(
  options: Omit<LabOptions, 'home'>,
  askedPort: string | undefined,
): Promise<void> {
  const { startLab } = await import('./lab/server.js')
  say('starting JupyterLab …')
  const server = await onFreePort(options.port, askedPort === undefined, (port) =>
    startLab({ ...options, port, home: labFolders.jupyter }),
  )
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

async function servePages(
  options: { work: string; port: number; browser: boolean },
  askedPort: string | undefined,
): Promise<void> {
  onStop(() => process.exit(0)) // the kernel and the pages end with us
  const { openBrowser, startPages } = await import('./lab/pages.js')
  const pages = await onFreePort(options.port, askedPort === undefined, (port) =>
    startPages(options.work, port),
  )
  process.stdout.write(`Lessons as pages: ${pages.url}\n`)
  say('the lessons are being run, one after the other; each can be read when it is done')
  say('Ctrl-C stops it')
  if (options.browser) openBrowser(pages.url)
  await pages.ended
}

/** The Python with JupyterLab; `undefined`, with the reason said, where there is none to be had. */
async function preparePython(): Promise<string | undefined> {
  try {
    const python = await ensureVenv({
      folder: labFolders.venv,
      requirements: [join(packageRoot, 'cli', 'requirements.txt')],
      say,
    })
    const { installKernelInto } = await import('./lab/kernelspec.js')
    await installKernelInto(labFolders.venv)
    return python
  } catch (error) {
    if (!(error instanceof PythonError)) throw error
    say(error.message)
    say('without JupyterLab the lessons are served as web pages: to read, not to change')
    return undefined
  }
}
