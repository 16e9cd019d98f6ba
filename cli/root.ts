import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { packageRoot as findPackage } from '../kernel/package.js'

/** The folder of the package `downhill`: a clone, or `node_modules/downhill` of whoever installed it. */
export const packageRoot = findPackage()

/** A clone has sources; an installed package has only what was built. */
export const inClone = existsSync(join(packageRoot, 'src', 'index.ts'))

/** Where what belongs to a user, not to a project, is kept: the platform's cache folder. */
function userCache(): string {
  if (process.platform === 'win32')
    return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  return process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
}

/**
 * The folders that `downhill lab` makes. A clone keeps them inside, so that deleting it leaves nothing behind; an
 * installed package may lie where nobody can write, so there they are the user's.
 */
export const labFolders = inClone
  ? { venv: join(packageRoot, '.venv'), jupyter: join(packageRoot, '.cache', 'jupyter') }
  : {
      venv: join(userCache(), 'downhill', 'venv'),
      jupyter: join(userCache(), 'downhill', 'jupyter'),
    }
