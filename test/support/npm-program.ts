import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../kernel/package.js'

interface NpmProgram {
  /** Below .cache. */
  folder: string
  /** What npm installs: one package, or several. */
  spec: string | readonly string[]
  /** Where the program is then, in node_modules. */
  path: string
}

/** A program that npm has as a package, in .cache: installed on the first call; undefined where npm has none. */
export function npmProgram({ folder: name, spec, path }: NpmProgram): string | undefined {
  const folder = join(packageRoot(), '.cache', name)
  const program = join(folder, 'node_modules', path)
  if (existsSync(program)) return program
  // Installed beside and renamed, since test files that start together would install into each other.
  const fresh = `${folder}-${process.pid}`
  mkdirSync(fresh, { recursive: true })
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  spawnSync(npm, ['install', ...flags, '--prefix', fresh, ...[spec].flat()], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    renameSync(fresh, folder)
  } catch {
    rmSync(fresh, { recursive: true, force: true })
  }
  return existsSync(program) ? program : undefined
}
