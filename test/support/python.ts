import { join } from 'node:path'
import { installKernelInto } from '../../cli/lab/kernelspec.js'
import { ensureVenv } from '../../cli/lab/venv.js'
import { labFolders, packageRoot } from '../../cli/root.js'

/**
 * The Python of `.venv` with JupyterLab, our kernelspec, and what tests add (test/support/requirements.txt). Made once;
 * test files that run at the same time wait for each other. Call it in a `beforeAll` with a long limit: it may have to download.
 */
export async function venv(): Promise<{ python: string; folder: string }> {
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

/** How long a `beforeAll` with `venv()` may take where nothing is installed yet. */
export const venvLimit = 10 * 60_000
