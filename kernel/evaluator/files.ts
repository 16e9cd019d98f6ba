import { existsSync, statSync } from 'node:fs'

const endings = ['', '.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js']

/** The file that `./x` means: itself, with an ending added, or `.ts` where TypeScript writes `.js`. */
export function sourceFile(path: string): string | undefined {
  const candidates = [...endings.map((ending) => path + ending), path.replace(/\.(m?)js$/, '.$1ts')]
  return candidates.find((file) => existsSync(file) && statSync(file).isFile())
}
