import { execFileSync, spawn } from 'node:child_process'
import { type Magic, UsageError } from './types.js'

/** The script ended with another exit code than 0. */
class BashError extends Error {
  override name = 'BashError'

  constructor(message: string) {
    super(message)
    this.stack = `${this.name}: ${message}`
  }
}

/** Milliseconds that a script has to clean up after an interrupt. */
const grace = 3000

/**
 * `%%bash`: the script has the notebook's folder and environment; what it prints is native output of the cell. It is in
 * the evaluator's process group, so it ends with it; an interrupt ends the script and what it started.
 */
export const bash: Magic = ({ args, body, onStop }) => {
  if (args !== '') throw new UsageError(`%%bash takes nothing on its line, got ${args}`)
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', body], { stdio: ['ignore', 'inherit', 'inherit'] })
    onStop(() => stop(child.pid))
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT' ? new BashError('%%bash: there is no bash on the PATH') : error,
      ),
    )
    child.on('exit', (code, by) => {
      if (code === 0) resolve(undefined)
      else
        reject(new BashError(by ? `bash was ended by ${by}` : `bash ended with exit code ${code}`))
    })
  })
}

/** Asks the script and its children to end, and makes them. */
function stop(pid: number | undefined): void {
  if (pid === undefined) return
  const all = [pid, ...descendants(pid)]
  send(all, 'SIGTERM')
  setTimeout(() => send(all, 'SIGKILL'), grace).unref()
}

function send(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended.
    }
  }
}

function descendants(root: number): number[] {
  const found: number[] = []
  try {
    const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    const pairs = table
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
    const parents = [root]
    for (const parent of parents)
      for (const [pid, ppid] of pairs) if (ppid === parent) parents.push(pid!)
    found.push(...parents.slice(1))
  } catch {
    // Without ps only the shell itself is ended.
  }
  return found
}
