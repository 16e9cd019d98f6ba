import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { kernelName, kernelSpec } from '../../kernel/install/spec.js'
import type { Spec } from './types.js'

/** Where Jupyter keeps kernels of this user, this machine and JUPYTER_PATH. Spec: jupyter_client, "Kernel specs". */
function folders(): string[] {
  const home = homedir()
  const user =
    process.platform === 'darwin'
      ? join(home, 'Library', 'Jupyter')
      : process.platform === 'win32'
        ? join(process.env.APPDATA ?? home, 'jupyter')
        : join(process.env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'jupyter')
  const extra = process.env.JUPYTER_PATH?.split(delimiter) ?? []
  const own = process.env.JUPYTER_DATA_DIR ?? user
  const all = [...extra, own, '/usr/local/share/jupyter', '/usr/share/jupyter']
  return all.filter(Boolean).map((folder) => join(folder, 'kernels'))
}

/** The kernel of this package, or one installed for Jupyter under that name. */
export function findSpec(name: string): Spec | undefined {
  if (name === kernelName) return kernelSpec()
  for (const folder of folders()) {
    try {
      return JSON.parse(readFileSync(join(folder, name, 'kernel.json'), 'utf8')) as Spec
    } catch {
      // Not in this folder.
    }
  }
  return undefined
}

export function installedKernels(): string[] {
  const found = folders().flatMap((folder) => {
    try {
      return readdirSync(folder)
    } catch {
      return []
    }
  })
  return [...new Set([kernelName, ...found])]
}
