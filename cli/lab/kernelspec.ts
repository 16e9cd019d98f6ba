import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { kernelName, kernelSpec } from '../../kernel/install/spec.js'

/** Puts our kernel into a virtual environment, for the Jupyter in it alone. Written anew each time: Node may have moved. */
export async function installKernelInto(venv: string): Promise<void> {
  const folder = join(venv, 'share', 'jupyter', 'kernels', kernelName)
  mkdirSync(folder, { recursive: true })
  await writeFileAtomic(join(folder, 'kernel.json'), JSON.stringify(kernelSpec(), null, 1))
}
