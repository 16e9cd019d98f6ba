import type { ICell, INotebookContent, IOutput } from '@jupyterlab/nbformat'

/** nbformat allows a text to be a list of lines, and Jupyter writes it so; in memory it is one string. */
export function joinLines(notebook: INotebookContent): INotebookContent {
  return mapTexts(notebook, (text) => (isLines(text) ? text.join('') : text))
}

/** The form of a file: a list of lines, each with its line end, so that differences of files are readable. */
export function splitLines(notebook: INotebookContent): INotebookContent {
  return mapTexts(notebook, (text) =>
    typeof text === 'string' ? (text.match(/[^\n]*\n|[^\n]+$/g) ?? []) : text,
  )
}

type Change = (text: unknown) => unknown

function mapTexts(notebook: INotebookContent, change: Change): INotebookContent {
  const cells = notebook.cells.map((cell) => {
    const next: Record<string, unknown> = { ...cell, source: change(cell.source) }
    if (Array.isArray(cell.outputs))
      next.outputs = (cell.outputs as IOutput[]).map((output) => mapOutput(output, change))
    return next as unknown as ICell
  })
  return { ...notebook, cells }
}

function mapOutput(output: IOutput, change: Change): IOutput {
  const next: Record<string, unknown> = { ...output }
  if (output.output_type === 'stream') next.text = change(output.text)
  const { data } = output
  if (typeof data === 'object' && data !== null) {
    const entries = Object.entries(data).map(([type, content]) => [
      type,
      isJson(type) ? content : change(content),
    ])
    next.data = Object.fromEntries(entries)
  }
  return next as IOutput
}

/** The content of these is JSON itself, where a list of strings is a list of strings. */
const isJson = (type: string): boolean => /[/+]json$/.test(type)

const isLines = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
