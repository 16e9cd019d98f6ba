import { readFileSync } from 'node:fs'
import type { INotebookContent } from '@jupyterlab/nbformat'
import { writeAtomic } from '../../kernel/atomic.js'
import { fileError, UserError } from '../../src/host/user-error.js'
import { joinLines, splitLines } from './multiline.js'

export interface ReadOptions {
  /** Also a notebook of another language than TypeScript or JavaScript. Default false. */
  anyLanguage?: boolean
}

const languages = ['typescript', 'javascript']

/**
 * Reads a notebook (nbformat 4) into the in-memory form: every source and text one string.
 * @throws UserError saying what is wrong with the file and what to do
 */
export function readNotebook(path: string, options: ReadOptions = {}): INotebookContent {
  const notebook = asNotebook(parse(readText(path), path), path)
  if (options.anyLanguage !== true) requireTypeScript(notebook, path)
  return joinLines(notebook)
}

/** Writes a notebook as Jupyter does (sorted keys, one space, lines as lists), in one step: never half a file. */
export async function writeNotebook(path: string, notebook: INotebookContent): Promise<void> {
  try {
    await writeAtomic(path, notebookText(notebook))
  } catch (error) {
    const wayOut = 'notebooks need a folder that is there and may be written to'
    throw fileError(path, { what: 'written', error, wayOut })
  }
}

/** The bytes of a notebook file: equal notebooks give equal text. */
export function notebookText(notebook: INotebookContent): string {
  return `${JSON.stringify(splitLines(notebook), sortedKeys, 1)}\n`
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw fileError(path, { what: 'read', error, wayOut: 'give the path of a notebook (.ipynb)' })
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new UserError(
      `${path}: not a notebook (it is not JSON); give a file that Jupyter saved as .ipynb`,
    )
  }
}

function asNotebook(value: unknown, path: string): INotebookContent {
  const content = record(value)
  if (content === undefined || !Array.isArray(content.cells)) {
    throw new UserError(
      `${path}: not a notebook (it has no list of cells); give a file that Jupyter saved as .ipynb`,
    )
  }
  if (content.nbformat !== 4) {
    throw new UserError(
      `${path}: nbformat must be 4, got ${JSON.stringify(content.nbformat)}; open it in Jupyter and save it again`,
    )
  }
  content.cells.forEach((item: unknown, i) => {
    const cell = record(item)
    const problem = cell === undefined ? 'is not an object' : cellProblem(cell)
    if (problem !== undefined)
      throw new UserError(`${path}: cell ${i + 1} ${problem}; open it in Jupyter and save it again`)
  })
  return { ...content, metadata: record(content.metadata) ?? {} } as unknown as INotebookContent
}

function cellProblem(cell: Record<string, unknown>): string | undefined {
  const { cell_type: type, source, outputs } = cell
  if (type !== 'code' && type !== 'markdown' && type !== 'raw') return 'has an unknown cell_type'
  if (typeof source !== 'string' && !isStrings(source)) return 'has no source'
  if (type !== 'code') return undefined
  const well =
    Array.isArray(outputs) && outputs.every((o) => typeof record(o)?.output_type === 'string')
  return well ? undefined : 'has no list of outputs'
}

function requireTypeScript({ metadata }: INotebookContent, path: string): void {
  const named = record(metadata.kernelspec)?.language ?? record(metadata.language_info)?.name
  if (typeof named !== 'string' || languages.includes(named.toLowerCase())) return
  throw new UserError(
    `${path}: a notebook of ${named}; Downhill runs TypeScript notebooks, choose its kernel in Jupyter first`,
  )
}

const isStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

function sortedKeys(_key: string, value: unknown): unknown {
  const fields = record(value)
  if (fields === undefined) return value
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
