// sources → dist/. Plain JavaScript, since it runs before anything is built.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { pinRules } from './pin.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const at = (...parts) => join(root, ...parts)
/** Built beside, renamed at the end: kernels that run from dist/ keep running when a build fails. */
const out = at(`dist-${process.pid}.tmp`) // same depth as dist/: source maps hold relative paths
process.once('exit', () => rmSync(out, { recursive: true, force: true }))

const lessons = (existsSync(at('lessons')) ? readdirSync(at('lessons')) : []).filter((name) =>
  existsSync(at('lessons', name, 'visible.ts')),
)
/** The package's entry: the library, and the visible checks of every lesson registered with it. */
const entry = {
  contents: [
    "export * from './src/index.js'",
    ...lessons.map((name) => `import './lessons/${name}/visible.js'`),
  ].join('\n'),
  resolveDir: root,
  loader: 'ts',
  sourcefile: 'entry.ts',
}
const shared = {
  bundle: true,
  absWorkingDir: root,
  target: 'node20',
  keepNames: true,
  logLevel: 'warning',
  sourcemap: 'linked',
  loader: { '.md': 'text' },
  plugins: [pinRules],
  alias: { downhill: at('src/index.ts') },
}
const node = { ...shared, platform: 'node', packages: 'external' }

/** Data sets are files beside the entry, loaded on first use: `import('./packed/digits.js')` stays as it is written, in both formats. */
const entries = { ...node, stdin: entry, external: ['./packed/*'] }

/** Lesson and library code says `import … from 'downhill'`; bundles of the package itself take the sources. */
const jobs = [
  build({ ...entries, format: 'esm', outfile: join(out, 'index.js') }),
  build({ ...entries, format: 'cjs', outfile: join(out, 'index.cjs') }),
  build({
    entryPoints: readdirSync(at('src/data/packed')).map((file) => at('src/data/packed', file)),
    outdir: join(out, 'packed'),
    format: 'esm',
    logLevel: 'warning',
  }),
]
/** In parts, so that a command loads what it needs and no more: `downhill run` should not wait for KaTeX. */
jobs.push(
  build({
    ...node,
    entryPoints: [at('cli/main.ts')],
    format: 'esm',
    splitting: true,
    outdir: join(out, 'cli'),
    chunkNames: 'part-[hash]',
  }),
)
const bundles = {
  // The hidden checks: not in the npm package (package.json, files), not in a sandbox (classroom/grade/sandbox.ts).
  'classroom/grade/checks.ts': 'grader/checks.js',
  'kernel/main.ts': 'kernel/main.js',
  'kernel/evaluator/main.ts': 'kernel/evaluator.js',
  'kernel/evaluator/control.ts': 'kernel/control.js',
  'kernel/evaluator/hooks.ts': 'kernel/hooks.js',
  // For the debugger, on its first use: it maps lines in the process that speaks the protocol.
  'kernel/evaluator/compile.ts': 'kernel/compile.js',
}
for (const [from, to] of Object.entries(bundles)) {
  if (existsSync(at(from)))
    jobs.push(build({ ...node, entryPoints: [at(from)], format: 'esm', outfile: join(out, to) }))
}
/** What exported pages carry inside: their style, their script, and Plotly, packed. */
const page = { bundle: true, minify: true, logLevel: 'warning', target: 'es2022', format: 'iife' }
for (const name of ['page.ts', 'page.css'])
  jobs.push(
    build({ ...page, entryPoints: [at('classroom/export/page', name)], outdir: join(out, 'page') }),
  )
await Promise.all(jobs)
const plotly = await build({
  entryPoints: [at('node_modules/plotly.js-dist/plotly.js')],
  minify: true,
  write: false,
})
writeFileSync(
  join(out, 'page/plotly.js.gz'),
  gzipSync(plotly.outputFiles[0].contents, { level: 9 }),
)
for (const file of [
  'globals.d.ts',
  'tslab.d.ts',
  'logo-32x32.png',
  'logo-64x64.png',
  'logo-svg.svg',
]) {
  for (const folder of ['language', 'install', 'display'])
    if (existsSync(at('kernel', folder, file)))
      cpSync(at('kernel', folder, file), join(out, 'kernel', file))
}

const tsc = spawnSync(
  process.execPath,
  [
    at('node_modules/typescript/bin/tsc'),
    '-p',
    at('cli/tsconfig.types.json'),
    '--outDir',
    join(out, 'types'),
  ],
  { stdio: 'inherit' },
)
if (tsc.status !== 0) process.exit(tsc.status ?? 1)
// The same declarations once more as CommonJS: with "type": "module" alone, `require` would see types of an ES module.
cpSync(join(out, 'types'), join(out, 'types-cjs'), { recursive: true })
writeFileSync(join(out, 'types-cjs', 'package.json'), '{ "type": "commonjs" }\n')

const old = at(`dist-old-${process.pid}.tmp`)
if (existsSync(at('dist'))) renameSync(at('dist'), old)
renameSync(out, at('dist'))
rmSync(old, { recursive: true, force: true })
