import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { mapped } from '../project.js'

const endings = [
  '',
  '.ts',
  '.tsx',
  '.mts',
  '.js',
  '.mjs',
  '.cjs',
  '.json',
  '/index.ts',
  '/index.js',
]

/** The file that `./x` means: itself, with an ending added, or `.ts` where TypeScript writes `.js`. */
export function sourceFile(path: string): string | undefined {
  const candidates = [
    ...endings.map((ending) => path + ending),
    path.replace(/\.(m?)jsx?$/, '.$1ts'),
  ]
  return candidates.find((file) => existsSync(file) && statSync(file).isFile())
}

/** The file of the notebook or its project that an import means: a relative one, or one by the `paths` of tsconfig.json. */
export function localFile(specifier: string, folder: string): string | undefined {
  if (/^\.{0,2}\//.test(specifier)) return sourceFile(resolve(folder, specifier))
  for (const path of mapped(specifier)) {
    const file = sourceFile(path)
    // Declarations of a package that comes from elsewhere.
    if (file && !/\.d\.[mc]?ts$/.test(file)) return file
  }
  return undefined
}
