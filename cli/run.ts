import { accessSync, constants } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { type KernelHost, type NotebookRun, runNotebook } from '../classroom/client/index.js'
import { readNotebook, writeNotebook } from '../classroom/notebook/index.js'
import { kernelName } from '../kernel/install/spec.js'
import { makeFolder } from '../kernel/make-folder.js'
import { fileError, UserError } from './fail.js'
import { seconds, withHost } from './options.js'

interface Flags {
  inplace?: boolean
  out?: string
  timeout?: number
  server?: string
  kernel?: string
  allowErrors?: boolean
  json?: boolean
}

interface Report {
  notebook: string
  ok: boolean
  cells: number
  seconds: number
  written?: string
  error?: string
}

/** `downhill run NB…`: executes notebooks without a browser. */
export function runCommand(program: Command): void {
  program
    .command('run')
    .description('execute notebooks from top to bottom, without a browser and without Python')
    .argument('<notebook...>', 'notebooks (.ipynb)')
    .option('--inplace', 'write the outputs into the notebooks')
    .option('--out <dir>', 'write notebooks with outputs into this folder')
    .option('--timeout <s>', 'seconds that a cell may take (default: no limit)', seconds)
    .option('--allow-errors', 'go on after a cell that fails; the exit status then stays 0')
    .option('--kernel <name>', 'another installed kernel than downhill')
    .option('--server <url>', 'run on a Jupyter Server (its token: JUPYTER_TOKEN)')
    .option('--json', 'print the results as JSON')
    .action(run)
}

async function run(paths: string[], flags: Flags): Promise<void> {
  const targets = chooseTargets(paths, flags)
  const reports = await withHost(flags.server, async (host) => {
    const all: Report[] = []
    for (const [k, path] of paths.entries()) {
      const report = await runOne(host, path, targets[k], flags)
      process.stderr.write(`${line(report)}\n`)
      all.push(report)
    }
    return all
  })
  if (flags.json) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`)
  if (reports.some(({ ok }) => !ok)) process.exitCode = 1
}

/** Where each notebook is written, or undefined; what cannot be written is refused before anything runs. */
function chooseTargets(paths: string[], { inplace, out }: Flags): (string | undefined)[] {
  if (inplace && out !== undefined) throw new UserError('run: --inplace or --out, not both')
  if (inplace) return paths
  if (out === undefined) return paths.map(() => undefined)
  const targets = paths.map((path) => join(out, basename(path)))
  const twice = targets.find((target, k) => targets.indexOf(target) !== k)
  if (twice) throw new UserError(`run: two notebooks would become ${twice}; use two --out folders`)
  try {
    makeFolder(out)
    accessSync(out, constants.W_OK)
  } catch (error) {
    throw fileError(out, { what: 'written', error, wayOut: 'choose another folder with --out' })
  }
  return targets
}

async function runOne(
  host: KernelHost,
  path: string,
  target: string | undefined,
  { timeout, kernel, allowErrors }: Flags,
): Promise<Report> {
  const started = performance.now()
  const report: Report = { notebook: path, ok: false, cells: 0, seconds: 0 }
  try {
    const notebook = readNotebook(path, { anyLanguage: kernel !== undefined })
    const cwd = dirname(resolve(path))
    const session = await host.start({ kernel: kernel ?? kernelName, cwd })
    try {
      const result = await runNotebook(session, notebook, {
        timeout,
        allowErrors,
        onCell: progress,
      })
      report.cells = result.executed
      report.error = failureText(result, timeout)
      report.ok = !result.failure || (allowErrors === true && session.alive)
    } finally {
      progress()
      await session.shutdown()
    }
    if (target !== undefined) {
      await writeNotebook(target, notebook)
      report.written = target
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    report.ok = false
    report.error = error.message.startsWith(path)
      ? error.message.slice(path.length + 2)
      : error.message
  }
  report.seconds = Math.round(performance.now() - started) / 1000
  return report
}

function failureText({ failure }: NotebookRun, timeout: number | undefined): string | undefined {
  if (!failure) return undefined
  const { cell, outcome } = failure
  if (outcome.status === 'timeout')
    return `cell ${cell} took longer than ${(timeout ?? 0) / 1000} s and was interrupted; allow more with --timeout`
  if (outcome.status === 'dead')
    return `cell ${cell} ended the kernel (process.exit, out of memory, or a crash); the cells after it did not run`
  const { ename, evalue } = outcome.error ?? { ename: outcome.status, evalue: '' }
  return `cell ${cell} failed: ${`${ename}: ${evalue}`.split('\n')[0]}; --allow-errors goes on after it`
}

/** One line that is overwritten, where somebody watches. */
function progress(cell?: number, of?: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(cell === undefined ? '\r\x1b[K' : `\rcell ${cell} of ${of} …`)
}

function line({ notebook, ok, cells, seconds, written, error }: Report): string {
  const where = written === undefined ? '' : `, written to ${written}`
  const what = `${cells} cell${cells === 1 ? '' : 's'} in ${seconds.toFixed(1)} s${where}`
  return ok && !error
    ? `ok      ${notebook}: ${what}`
    : `${ok ? 'errors' : 'FAILED'}  ${notebook}: ${error} (${what})`
}
