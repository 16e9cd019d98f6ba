import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isFree } from '../../classroom/client/ports.js'
import { kernelName } from '../../kernel/install/spec.js'
import { UserError } from '../fail.js'
import { jupyterEnvironment } from './environment.js'

export interface LabOptions {
  python: string
  /** The folder that the learner sees. */
  work: string
  /** Where JupyterLab keeps settings, workspaces and signatures, apart from any other Jupyter of this user. */
  home: string
  port: number
  browser: boolean
  /** The notebook in `work` that is opened first; without it JupyterLab's launcher is. */
  first?: string
}

export interface LabServer {
  /** With the token: whoever has it can run code as this user. */
  url: string
  /** The file that its messages go to. */
  log: string
  /** Ends when the server has. */
  ended: Promise<number>
  stop(): Promise<void>
}

/**
 * Runs JupyterLab, and stops it (with its kernels) when standard input closes: so it cannot outlive us, however we end.
 * `python -m jupyterlab` cannot do the second.
 */
const launcher = `
import os, signal, sys, threading
def watch():
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=watch, daemon=True).start()
from jupyterlab.labapp import main
sys.exit(main())
`
const startLimit = 120_000
const stopLimit = 20_000

/** Another program took the port between our look at it and Jupyter's start. */
export class PortTaken extends UserError {
  override name = 'PortTaken'
}

/**
 * Starts JupyterLab on loopback and waits until it answers.
 * @throws PortTaken, or UserError with the last line of its log
 */
export async function startLab(options: LabOptions): Promise<LabServer> {
  const { python, work, home, port } = options
  const token = randomBytes(24).toString('hex')
  // Open tabs belong to a folder: another one would restore notebooks that it does not have.
  const layout = join(
    home,
    'workspaces',
    createHash('sha256').update(work).digest('hex').slice(0, 12),
  )
  const env = {
    ...jupyterEnvironment(home),
    JUPYTERLAB_WORKSPACES_DIR: layout,
    JUPYTER_TOKEN: token,
  }
  const logPath = join(home, `server-${port}-${process.pid}.log`)
  const log = openSync(logPath, 'w', 0o600)
  const server = spawn(python, ['-c', launcher, ...flags(options)], {
    cwd: work,
    env,
    detached: true, // Ctrl-C reaches the whole foreground group; Jupyter would ask a question about it
    stdio: ['pipe', log, log],
  })
  closeSync(log)
  const ended = new Promise<number>((resolve) => {
    server.once('error', () => resolve(1))
    server.once('exit', (status) => resolve(status ?? 1))
  })
  const stop = async () => {
    await stopServer(server, ended)
    rmSync(logPath, { force: true })
  }
  const origin = `http://127.0.0.1:${port}`
  const up = await answers(`${origin}/api/status`, token, ended)
  if (!up) {
    await stopServer(server, ended)
    if (!(await isFree(port))) {
      rmSync(logPath, { force: true })
      throw new PortTaken(
        `lab: port ${port} was taken by another program meanwhile; name another with --port`,
      )
    }
    const tail = readFileSync(logPath, 'utf8').trim().split('\n').at(-1)
    throw new UserError(`lab: JupyterLab did not start: ${tail}; the whole story is in ${logPath}`)
  }
  return { url: `${origin}${pathOf(options)}?token=${token}`, log: logPath, ended, stop }
}

const pathOf = ({ first }: LabOptions): string =>
  first === undefined ? '/lab' : `/lab/tree/${encodeURIComponent(first)}`

function flags(options: LabOptions): string[] {
  const { work, port, browser } = options
  return [
    '--ip=127.0.0.1',
    `--port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${work}`,
    `--MultiKernelManager.default_kernel_name=${kernelName}`, // what a new notebook gets
    `--ServerApp.open_browser=${browser ? 'True' : 'False'}`,
    `--LabApp.default_url=${pathOf(options)}`,
    // Nothing may ask the network: neither for news, nor for updates, nor for extensions.
    '--LabApp.news_url=None',
    '--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate',
    '--LabApp.extension_manager=readonly',
    // The page's application object in the browser's console: our tests ask it. It can do no more than its page.
    '--LabApp.expose_app_in_browser=True',
    '--LanguageServerManager.autodetect=False', // it would run npm to look for servers; our kernel has its own
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
  ]
}

/** Waits for the server's answer; false when it ends, or takes too long. */
async function answers(url: string, token: string, ended: Promise<number>): Promise<boolean> {
  let over = false
  const end = ended.then(() => {
    over = true
  })
  for (const last = Date.now() + startLimit; !over && Date.now() < last; ) {
    try {
      const reply = await fetch(url, { headers: { authorization: `token ${token}` } })
      if (reply.ok) return true
    } catch {} // not listening yet
    await Promise.race([sleep(100), end])
  }
  return false
}

/** Jupyter shuts its kernels down on SIGTERM; only a server that hangs is killed. */
async function stopServer(server: ChildProcess, ended: Promise<number>): Promise<void> {
  server.kill('SIGTERM')
  const timer = setTimeout(() => server.kill('SIGKILL'), stopLimit)
  await ended
  clearTimeout(timer)
}
