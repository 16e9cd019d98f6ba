import type { ICell, ICodeCell, INotebookContent } from '@jupyterlab/nbformat'
import type { Outcome, Session } from './types.js'

export interface NotebookRun {
  /** Cells that ran. */
  executed: number
  /** The cell that ended the run early, or the first that failed when errors are allowed. */
  failure?: { cell: number; outcome: Outcome }
}

export interface NotebookOptions {
  /** Milliseconds a cell may take. */
  timeout?: number
  /** Go on after a cell that throws or is interrupted. A kernel that died always ends the run. */
  allowErrors?: boolean
  outputLimit?: number
  /** Called before each code cell; cells count from 1. */
  onCell?(cell: number, of: number): void
}

export const sourceOf = (cell: ICell): string =>
  Array.isArray(cell.source) ? cell.source.join('') : cell.source

export const isCode = (cell: ICell): cell is ICodeCell => cell.cell_type === 'code'

const tagged = (cell: ICell, tag: string): boolean => {
  const tags = cell.metadata?.tags
  return Array.isArray(tags) && tags.includes(tag)
}

/**
 * Runs the code cells in order and puts counts and outputs into `notebook`, as nbclient does: empty cells and those tagged
 * `skip-execution` are left out, and a cell tagged `raises-exception` may throw. Old outputs go first, so that none survives
 * in a cell that was not reached.
 */
export async function runNotebook(
  session: Session,
  notebook: INotebookContent,
  { timeout, allowErrors = false, outputLimit, onCell }: NotebookOptions = {},
): Promise<NotebookRun> {
  for (const cell of notebook.cells.filter(isCode)) {
    cell.outputs = []
    cell.execution_count = null
  }
  notebook.metadata.language_info = session.language
  const run: NotebookRun = { executed: 0 }
  for (const [k, cell] of notebook.cells.entries()) {
    if (!isCode(cell) || sourceOf(cell).trim() === '' || tagged(cell, 'skip-execution')) continue
    onCell?.(k + 1, notebook.cells.length)
    const outcome = await session.execute(sourceOf(cell), {
      timeout,
      outputLimit,
      stopOnError: false,
    })
    run.executed += 1
    cell.outputs = outcome.outputs
    cell.execution_count = outcome.executionCount
    const fine =
      outcome.status === 'ok' || (outcome.status === 'error' && tagged(cell, 'raises-exception'))
    if (fine) continue
    run.failure ??= { cell: k + 1, outcome }
    if (!allowErrors || !session.alive) break
  }
  return run
}
