import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { INotebookContent } from '@jupyterlab/nbformat'
import { kernelName } from '../../kernel/install/spec.js'
import type { LessonEntry } from '../../lessons/manifest.js'
import { runNotebook } from '../client/index.js'
import type { KernelHost } from '../client/types.js'

export type Version = 'student' | 'solution'

/** Milliseconds for a cell of a lesson, which is never meant to keep a learner waiting. */
export const cellLimit = 60_000

/** Runs the notebook as a learner does, in our kernel, in a new folder; one problem when it does not reach its end. */
export async function endProblems(
  what: string,
  notebook: INotebookContent,
  host: KernelHost,
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'downhill-lesson-'))
  const session = await host.start({ kernel: kernelName, cwd: folder })
  try {
    const { failure } = await runNotebook(session, notebook, { timeout: cellLimit })
    if (!failure) return []
    const { status, error } = failure.outcome
    const why = error ? `${error.ename}: ${error.evalue}` : status
    return [`${what} does not reach its end: cell ${failure.cell}: ${why}`]
  } finally {
    await session.shutdown()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs a version of a lesson and reads it as nbgrader does: by its outputs. */
export async function runProblems(
  version: Version,
  notebook: INotebookContent,
  entry: LessonEntry,
  host: KernelHost,
): Promise<string[]> {
  const stopped = await endProblems(`the ${version} version`, notebook, host)
  if (stopped.length > 0) return stopped
  const problems = entry.exercises.flatMap(({ id, visible }) => {
    const points = version === 'solution' ? visible : 0
    const shown = resultOf(notebook, id)
    return shown === String(points)
      ? []
      : [`check cell "${id}" of the ${version} version shows ${shown}, not ${points}`]
  })
  const loud = notebook.cells.findIndex(({ outputs }) =>
    (Array.isArray(outputs) ? outputs : []).some(
      (output) => (output as { name?: string }).name === 'stderr',
    ),
  )
  if (loud >= 0)
    problems.push(
      `cell ${loud + 1} of the ${version} version writes to stderr, which costs all points in nbgrader`,
    )
  return problems
}

function resultOf({ cells }: INotebookContent, id: string): string {
  const outputs = cells.find((cell) => cell.id === id)?.outputs
  const result = (Array.isArray(outputs) ? outputs : []).find(
    (output) => (output as { output_type: string }).output_type === 'execute_result',
  ) as { data?: Record<string, unknown> } | undefined
  return String(result?.data?.['text/plain'] ?? 'nothing')
}
