import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the downhill package: found by walking up, since sources and bundles lie at different depths. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error(`kernel: no package.json above ${import.meta.url}`)
    folder = parent
  }
  return folder
}

const versionIn = (path: string): string =>
  (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version

export const packageVersion = (): string => versionIn(join(packageRoot(), 'package.json'))

export function typescriptVersion(): string {
  const require = createRequire(join(packageRoot(), 'package.json'))
  return versionIn(require.resolve('typescript/package.json'))
}
