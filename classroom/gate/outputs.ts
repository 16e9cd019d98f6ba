import type { ICell, INotebookContent, IOutput } from '@jupyterlab/nbformat'
import type { LessonEntry } from '../../lessons/manifest.js'

export type Version = 'student' | 'solution'

/** A version that has run, read as nbgrader does: by its outputs. */
export function outputProblems(
  version: Version,
  notebook: INotebookContent,
  { exercises }: LessonEntry,
): string[] {
  const problems = exercises.flatMap(({ id, visible }) => {
    const points = version === 'solution' ? visible : 0
    const shown = resultOf(notebook, id)
    return shown === String(points)
      ? []
      : [`check cell "${id}" of the ${version} version shows ${shown}, not ${points}`]
  })
  const loud = notebook.cells.findIndex((cell) =>
    outputsOf(cell).some(({ name }) => name === 'stderr'),
  )
  if (loud >= 0)
    problems.push(
      `cell ${loud + 1} of the ${version} version writes to stderr, which costs all points in nbgrader`,
    )
  return problems
}

function resultOf({ cells }: INotebookContent, id: string): string {
  const outputs = outputsOf(cells.find((cell) => cell.id === id))
  const result = outputs.find(({ output_type }) => output_type === 'execute_result')
  return String((result?.data as Record<string, unknown> | undefined)?.['text/plain'] ?? 'nothing')
}

/** None for text, and for a cell that has not run. */
export const outputsOf = (cell: ICell | undefined): IOutput[] =>
  Array.isArray(cell?.outputs) ? (cell.outputs as IOutput[]) : []
