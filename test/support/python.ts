import { join } from 'node:path'
import { installKernelInto } from '../../cli/lab/kernelspec.js'
import { ensureVenv, PythonError } from '../../cli/lab/venv.js'
import { labFolders, packageRoot } from '../../cli/root.js'
import { has, isMissingBecause } from './need.js'

interface Venv {
  python: string
  folder: string
}

/**
 * The Python of `.venv` with JupyterLab, our kernelspec, and what tests add (test/support/requirements.txt). Made once, when a
 * test file loads this module; files that run at the same time wait for each other. Where pip cannot install (no
 * network), `testWith(['python'], …)` lists the tests of the file as skipped.
 */
export async function venv(): Promise<Venv> {
  if (!made) throw new Error('venv: ask has("python") first')
  return made
}

/** How long a `beforeAll` that starts a server may take. */
export const venvLimit = 120_000

const made = has('python') ? await make().catch(giveUp) : undefined

async function make(): Promise<Venv> {
  const python = await ensureVenv({
    folder: labFolders.venv,
    requirements: [
      join(packageRoot, 'cli', 'requirements.txt'),
      join(packageRoot, 'test', 'support', 'requirements.txt'),
    ],
    say: (line) => console.error(`venv: ${line}`),
  })
  await installKernelInto(labFolders.venv)
  return { python, folder: labFolders.venv }
}

function giveUp(error: unknown): undefined {
  if (!(error instanceof PythonError)) throw error
  isMissingBecause('python', `${error.message}; enable with: npm start`)
}
