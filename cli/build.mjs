// sources → dist/. Plain JavaScript, since it runs before anything is built.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const at = (...parts) => join(root, ...parts)
rmSync(at('dist'), { recursive: true, force: true })

const lessons = readdirSync(at('lessons')).filter((name) =>
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
  alias: { downhill: at('src/index.ts') },
}
const node = { ...shared, platform: 'node', packages: 'external' }

/** Lesson and library code says `import … from 'downhill'`; bundles of the package itself take the sources. */
const jobs = [
  build({ ...node, stdin: entry, format: 'esm', outfile: at('dist/index.js') }),
  build({ ...node, stdin: entry, format: 'cjs', outfile: at('dist/index.cjs') }),
]
const bundles = {
  'cli/main.ts': 'dist/cli/main.js',
  'kernel/main.ts': 'dist/kernel/main.js',
  'kernel/evaluator/main.ts': 'dist/kernel/evaluator.js',
  'kernel/evaluator/control.ts': 'dist/kernel/control.js',
}
for (const [from, to] of Object.entries(bundles)) {
  if (existsSync(at(from)))
    jobs.push(build({ ...node, entryPoints: [at(from)], format: 'esm', outfile: at(to) }))
}
await Promise.all(jobs)
for (const file of [
  'globals.d.ts',
  'tslab.d.ts',
  'logo-32x32.png',
  'logo-64x64.png',
  'logo-svg.svg',
]) {
  for (const folder of ['language', 'install', 'display'])
    if (existsSync(at('kernel', folder, file)))
      cpSync(at('kernel', folder, file), at('dist/kernel', file))
}

const tsc = spawnSync(
  process.execPath,
  [at('node_modules/typescript/bin/tsc'), '-p', at('cli/tsconfig.types.json')],
  { stdio: 'inherit' },
)
process.exit(tsc.status ?? 1)
