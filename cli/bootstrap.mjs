#!/usr/bin/env node
// The first thing that runs: plain Node, no dependency. In a clone it installs what is missing and builds what is stale;
// in an installed package (no sources) it goes straight to the built commands.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const inClone = existsSync(join(root, 'src', 'index.ts'))
const say = (text) => process.stderr.write(`downhill: ${text}\n`)

function fail(text) {
  say(text)
  process.exit(1)
}

function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (done.error) fail(`could not start ${command}: ${done.error.message}`)
  return done.status ?? 1
}

function must(what, status) {
  if (status !== 0) fail(`${what} failed (exit ${status}); the lines above say why`)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ≥ 20.19 is needed, this is ${process.versions.node}; 24 is recommended`)
}

/** Every file whose change makes `dist/` stale. */
function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sources(path)
    else if (!/\.(ipynb|md)$/.test(entry.name) || folder.includes('lessons')) yield path
  }
}

function fingerprint(paths) {
  const hash = createHash('sha256')
  for (const path of paths.sort()) hash.update(path.slice(root.length)).update(readFileSync(path))
  return hash.digest('hex')
}

/** Runs `make` unless `stamp` already holds `value`. The stamp is written last, so a broken run is repeated. */
function fresh(stamp, value, make) {
  const path = join(root, stamp)
  if (existsSync(path) && readFileSync(path, 'utf8') === value) return
  rmSync(path, { force: true })
  make()
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, value)
}

/** One bootstrap at a time: two of them (`npm test` beside `npm start`) would install into each other. */
function locked(work) {
  const lock = join(root, '.cache', 'bootstrap.lock')
  mkdirSync(dirname(lock), { recursive: true })
  for (let waited = 0; ; waited++) {
    try {
      mkdirSync(lock)
      break
    } catch {
      if (
        Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) >
        600_000
      ) {
        rmSync(lock, { recursive: true, force: true })
        continue
      }
      if (waited === 0) say('another downhill command is installing or building; waiting')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
  }
  const release = () => rmSync(lock, { recursive: true, force: true })
  process.once('exit', release)
  try {
    work()
  } finally {
    release()
    process.off('exit', release)
  }
}

function prepare() {
  const lockfile = fingerprint([join(root, 'package-lock.json')])
  fresh('node_modules/.downhill-installed', lockfile, () => {
    say('installing npm packages (about half a minute) …')
    // Not `npm ci`: it refuses a lock file that lacks the optional binaries of other platforms, and the
    // lock lists only those that the registry at hand carried. `--no-save` keeps the lock as it is.
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const flags = ['--no-save', '--no-fund', '--no-audit', '--loglevel=error']
    must('npm install', run(npm, ['install', ...flags], { stdio: ['ignore', 2, 2] }))
  })
  const all = ['cli', 'classroom', 'kernel', 'lessons', 'src'].flatMap((folder) => [
    ...sources(join(root, folder)),
  ])
  const value = fingerprint([...all, join(root, 'package-lock.json'), join(root, 'tsconfig.json')])
  fresh('dist/.stamp', value, () => {
    say('building dist/ …')
    must(
      'the build',
      run(process.execPath, [join(root, 'cli', 'build.mjs')], { stdio: ['ignore', 2, 2] }),
    )
  })
}

/** Commands of a clone that are not part of the package. */
const vitest = (args) =>
  run(process.execPath, [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    'test/vitest.config.ts',
    ...args,
  ])
const biome = (...args) =>
  run(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), ...args])
const types = () =>
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'])
const cli = (...args) => run(process.execPath, [join(root, 'dist/cli/main.js'), ...args])

const workshop = {
  build: () => 0,
  types,
  test(args) {
    if (args.includes('--soak')) process.env.DOWNHILL_SOAK = '1'
    return vitest(args.filter((a) => a !== '--soak'))
  },
  check(args) {
    const steps = {
      types,
      'lint and format': () => biome('ci', '.'),
      lessons: () => cli('lessons', 'check'),
      tests: () => vitest(args),
    }
    for (const [name, step] of Object.entries(steps)) {
      say(`check: ${name}`)
      must(name, step())
    }
    return 0
  },
  bench: (args) => run(process.execPath, [join(root, 'bench/run.mjs'), ...args]),
}

const [command, ...args] = process.argv.slice(2)
if (inClone) locked(prepare)
if (inClone && Object.hasOwn(workshop, command ?? '')) process.exit(workshop[command](args))
await import(pathToFileURL(join(root, 'dist/cli/main.js')).href)
