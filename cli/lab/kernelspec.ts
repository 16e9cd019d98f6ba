import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installKernel } from '../../kernel/install/install.js'
import { kernelName, kernelSpec } from '../../kernel/install/spec.js'
import { withLock } from './lock.js'

/** Puts our kernel into a virtual environment, for the Jupyter in it alone, unless it is there and up to date. */
export async function installKernelInto(venv: string): Promise<void> {
  const file = join(venv, 'share', 'jupyter', 'kernels', kernelName, 'kernel.json')
  const isCurrent = () =>
    existsSync(file) &&
    JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))) === JSON.stringify(kernelSpec())
  if (isCurrent()) return
  await withLock(
    `${venv}.lock`,
    () => {},
    async () => {
      if (!isCurrent()) installKernel({ location: { prefix: venv } })
    },
  )
}
