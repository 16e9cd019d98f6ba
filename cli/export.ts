import { basename, dirname, resolve } from 'node:path'
import type { INotebookContent } from '@jupyterlab/nbformat'
import type { Command } from 'commander'
import type { KernelHost } from '../classroom/client/types.js'
import { readNotebook } from '../classroom/notebook/index.js'
import { kernelName } from '../kernel/install/spec.js'
import { UserError } from './fail.js'
import { seconds, withHost } from './options.js'

/** Markdown, formulas and a DOM take 0.3 s to load: only this command waits for them. */
const pageTools = () => import('../classroom/export/index.js')

interface Flags {
  out: string
  execute?: boolean
  timeout?: number
  server?: string
  json?: boolean
}

interface Report {
  notebook: string
  page?: string
  bytes?: number
  seconds: number
  /** Why there is no page, or which cell failed while it ran: its error is then in the page. */
  error?: string
}

/** `downhill export NB… --out DIR`: notebooks as pages that need nothing else. */
export function exportCommand(program: Command): void {
  program
    .command('export')
    .description(
      'turn notebooks into web pages: one file each, no network, readable without JavaScript',
    )
    .argument('<notebook...>', 'notebooks (.ipynb)')
    .requiredOption('--out <dir>', 'folder of the pages; made if it is not there')
    .option('--execute', 'run each notebook first, instead of showing the outputs that it holds')
    .option('--timeout <s>', 'with --execute: seconds that a cell may take', seconds)
    .option('--server <url>', 'with --execute: run on a Jupyter Server (its token: JUPYTER_TOKEN)')
    .option('--json', 'print the results as JSON')
    .action(exportAll)
}

async function exportAll(notebooks: string[], flags: Flags): Promise<void> {
  if (!flags.execute && (flags.server !== undefined || flags.timeout !== undefined))
    throw new UserError('export: --server and --timeout need --execute; without it nothing runs')
  const reports = await exportEach(notebooks, flags)
  if (flags.json) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`)
  if (reports.some(({ error }) => error !== undefined)) process.exitCode = 1
}

/** Makes the pages one after the other. */
async function exportEach(notebooks: string[], flags: Flags): Promise<Report[]> {
  const { pagePaths } = await pageTools()
  const pages = pagePaths(notebooks, flags.out)
  const each = async (host?: KernelHost): Promise<Report[]> => {
    const reports: Report[] = []
    for (const [k, notebook] of notebooks.entries()) {
      reports.push(await exportOne(notebook, pages[k] ?? '', flags, host))
    }
    return reports
  }
  return flags.execute ? await withHost(flags.server, each) : await each()
}

/** Makes one page, with a line about it on standard error; runs the notebook first where there is a `host`. */
export async function exportOne(
  path: string,
  page: string,
  { timeout }: { timeout?: number },
  host?: KernelHost,
): Promise<Report> {
  const started = performance.now()
  const report: Report = { notebook: path, seconds: 0 }
  try {
    const notebook = readNotebook(path, { anyLanguage: host === undefined })
    if (host) report.error = await execute(host, notebook, path, timeout)
    const { exportNotebook, writePage } = await pageTools()
    const html = exportNotebook(notebook, { name: basename(path).replace(/\.ipynb$/i, '') })
    await writePage(page, html)
    report.page = page
    report.bytes = Buffer.byteLength(html)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    report.error = error.message
  }
  report.seconds = Math.round(performance.now() - started) / 1000
  process.stderr.write(`${line(report)}\n`)
  return report
}

/** A cell that fails ends the run, not the page: it shows how far the notebook goes. */
async function execute(
  host: KernelHost,
  notebook: INotebookContent,
  path: string,
  timeout: number | undefined,
): Promise<string | undefined> {
  const { runNotebook } = await import('../classroom/client/index.js')
  const session = await host.start({ kernel: kernelName, cwd: dirname(resolve(path)) })
  try {
    const { failure } = await runNotebook(session, notebook, { timeout })
    if (!failure) return undefined
    const { status, error } = failure.outcome
    const what = error ? `${error.ename}: ${error.evalue}`.split('\n')[0] : status
    return `${path}: cell ${failure.cell} failed (${what}); the page ends there`
  } finally {
    await session.shutdown()
  }
}

function line({ page, bytes = 0, seconds: took, error }: Report): string {
  const written =
    page === undefined
      ? []
      : [`ok      ${page}: ${Math.round(bytes / 1000)} kB in ${took.toFixed(2)} s`]
  return [...(error === undefined ? [] : [`FAILED  ${error}`]), ...written].join('\n')
}
