// npm run bench -- NAME [options]: bundles bench/NAME.bench.ts and runs it. Plain JavaScript, as it runs unbuilt.
import { readdirSync } from 'node:fs'
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
const outdir = join(root, '.cache', 'bench')
const outfile = join(outdir, `${name}.mjs`)
await build({
  // ours.ts: the library in a process of its own, beside its peers.
  entryPoints: { [name]: join(here, `${name}.bench.ts`), ours: join(here, 'ours.ts') },
  outdir,
  outExtension: { '.js': '.mjs' },
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
