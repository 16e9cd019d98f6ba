import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../src/host/user-error.js'

/** Where a kernelspec goes: this user's Jupyter, the current Python environment, or a folder named by the user. */
export type Location = 'user' | 'sys-prefix' | { prefix: string }

/** Jupyter's folder of kernels for a location. */
export function kernelsFolder(location: Location): string {
  if (location === 'user') return join(userDataFolder(), 'kernels')
  const prefix = location === 'sys-prefix' ? pythonPrefix() : location.prefix
  return join(prefix, 'share', 'jupyter', 'kernels')
}

/** Where Jupyter keeps what belongs to this user. Spec: jupyter_core, "Data files". */
export function userDataFolder(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter')
  if (process.platform === 'win32') return join(APPDATA ?? homedir(), 'jupyter')
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter')
}

/** What Python calls sys.prefix: the active virtual environment, else the prefix of the python on the PATH. */
function pythonPrefix(): string {
  const active = process.env.VIRTUAL_ENV ?? process.env.CONDA_PREFIX
  if (active) return active
  for (const python of ['python3', 'python']) {
    const { status, stdout } = spawnSync(python, ['-c', 'import sys; print(sys.prefix)'], {
      encoding: 'utf8',
    })
    if (status === 0 && stdout.trim() !== '') return stdout.trim()
  }
  throw new UserError(
    'kernel install: --sys-prefix needs an active virtual environment or a python on the PATH; use --user, or --prefix P',
  )
}
