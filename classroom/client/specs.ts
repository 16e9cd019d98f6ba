import { readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { userDataFolder } from '../../kernel/install/folders.js'
import { kernelName, kernelSpec } from '../../kernel/install/spec.js'
import type { Spec } from './types.js'

/** Where Jupyter keeps kernels of this user, this machine and JUPYTER_PATH. Spec: jupyter_client, "Kernel specs". */
function folders(): string[] {
  const extra = process.env.JUPYTER_PATH?.split(delimiter) ?? []
  const all = [...extra, userDataFolder(), '/usr/local/share/jupyter', '/usr/share/jupyter']
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

/** Every name that `findSpec` may know, also of kernels that are not ours. */
export function kernelNames(): string[] {
  const found = folders().flatMap((folder) => {
    try {
      return readdirSync(folder)
    } catch {
      return []
    }
  })
  return [...new Set([kernelName, ...found])]
}
