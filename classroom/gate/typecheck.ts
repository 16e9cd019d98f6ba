import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { INotebookContent } from '@jupyterlab/nbformat'
import { isCode, sourceOf } from '../client/notebook.js'

/** One notebook to check, under a name for messages: "01-student". */
export interface NamedNotebook {
  name: string
  notebook: INotebookContent
}

/**
 * Type-checks notebooks, the cells of each as one strict module, with the repository's own compiler and settings. Unused names
 * are allowed: the parameters of a stub are unused.
 * @returns per name the errors, with the line of the cell they are in
 */
export async function typeErrors(
  root: string,
  notebooks: readonly NamedNotebook[],
): Promise<Map<string, string[]>> {
  mkdirSync(join(root, '.cache'), { recursive: true })
  const folder = mkdtempSync(join(root, '.cache', 'types-'))
  try {
    for (const { name, notebook } of notebooks)
      writeFileSync(join(folder, `${name}.ts`), moduleOf(notebook))
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
    const config = { extends: '../../tsconfig.json', compilerOptions, include: ['*.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const text = await runCompiler(root, folder)
    return new Map(notebooks.map(({ name }) => [name, errorsOf(text, folder, name)]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const moduleOf = ({ cells }: INotebookContent): string =>
  cells.filter(isCode).map(sourceOf).join('\n\n')

function runCompiler(root: string, folder: string): Promise<string> {
  const compiler = resolve(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const args = [compiler, '-p', '.', '--pretty', 'false']
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    child.once('error', reject)
    child.once('close', (status) => {
      if (status === 0 || text.includes('error TS')) resolve(text)
      else reject(new Error(`the type checker ended with status ${status}: ${text}`))
    })
  })
}

function errorsOf(text: string, folder: string, name: string): string[] {
  const found = [...text.matchAll(/^(.+?)\.ts\((\d+),\d+\): error (TS\d+: .*)$/gm)]
  const own = found.filter(([, path]) => path!.split(/[\\/]/).at(-1) === name)
  const lines = own.length === 0 ? [] : readFileSync(join(folder, `${name}.ts`), 'utf8').split('\n')
  return own.map(([, , line, message]) => `${message} in "${lines[Number(line) - 1]?.trim()}"`)
}
