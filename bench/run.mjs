// npm run bench -- NAME [options]: bundles bench/NAME.bench.ts and runs it. Plain JavaScript, as it runs unbuilt.
import { mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const names = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''))

const name = process.argv[2]
if (!names.includes(name)) {
  console.error(`bench: name one of ${names.join(', ')}; for example: npm run bench -- ${names[0]}`)
  process.exit(1)
}
const outfile = join(root, '.cache', 'bench', `${name}.mjs`)
mkdirSync(dirname(outfile), { recursive: true })
await build({
  entryPoints: [join(here, `${name}.bench.ts`)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  keepNames: true,
  alias: { downhill: join(root, 'src', 'index.ts') },
})
process.argv.splice(1, 2, outfile) // the benchmark sees its own options only
await import(pathToFileURL(outfile).href)
