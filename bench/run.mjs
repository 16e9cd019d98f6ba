// npm run bench -- NAME… [options]: bundles bench/NAME.bench.ts and runs it, one after the other. Plain JavaScript, as it runs unbuilt.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const names = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''))

const given = process.argv.slice(2)
const count = given.findIndex((word) => word.startsWith('-'))
const asked = count < 0 ? given : given.slice(0, count)
if (asked.length === 0 || asked.some((name) => !names.includes(name))) {
  console.error(
    `bench: name some of ${names.join(', ')}; for example: npm run bench -- ${names[0]}`,
  )
  process.exit(1)
}
const options = given.slice(asked.length)
if (asked.length > 1) {
  // Each in a process of its own, as if called alone.
  for (const name of asked) {
    const { status } = spawnSync(process.execPath, [process.argv[1], name, ...options], {
      stdio: 'inherit',
    })
    if (status !== 0) process.exit(status ?? 1)
  }
  process.exit(0)
}
const [name] = asked
const outdir = join(root, '.cache', 'bench')
const outfile = join(outdir, `${name}.mjs`)
await build({
  // ours.ts, in-chromium.ts: the library in a process of its own, beside its peers.
  entryPoints: {
    [name]: join(here, `${name}.bench.ts`),
    ours: join(here, 'ours.ts'),
    'in-chromium': join(here, 'in-chromium.ts'),
  },
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
