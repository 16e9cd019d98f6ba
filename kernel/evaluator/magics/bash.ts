import { spawn } from 'node:child_process'
import { descendants, sendSignal } from '../descendants.js'
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
  sendSignal(all, 'SIGTERM')
  setTimeout(() => sendSignal(all, 'SIGKILL'), grace).unref()
}
