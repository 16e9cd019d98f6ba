import type { INotebookContent } from '@jupyterlab/nbformat'

/** The notebook as if it had never run: no outputs, no execution counts. */
export function stripOutputs(notebook: INotebookContent): INotebookContent {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === 'code' ? { ...cell, execution_count: null, outputs: [] } : cell,
  )
  return { ...notebook, cells }
}
