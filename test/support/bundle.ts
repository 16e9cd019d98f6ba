import { spawnSync } from 'node:child_process'
import { build } from 'esbuild'
import { pinRules } from '../../cli/pin.mjs'

/** One script of TypeScript that imports from the repository's root: for a runtime that is not this one. */
export async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: '.', loader: 'ts' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    external: ['gpu.js', 'linkedom', '@observablehq/plot'],
    plugins: [pinRules],
    alias: { downhill: './src/index.ts' },
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** What a script prints there. @throws Error if it prints an error, too */
export function runBundle(node: string, script: string): string {
  const { stdout, stderr } = spawnSync(node, ['-'], { input: script, encoding: 'utf8' })
  if (stderr) throw new Error(stderr)
  return stdout
}
