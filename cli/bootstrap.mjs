#!/usr/bin/env node
// The first thing that runs: plain Node, no dependency. In a clone it installs what is missing and builds what is stale;
// in an installed package (no sources) it goes straight to the built commands.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

/** Every file whose change makes `dist/` stale. Files that vanish or dangle while we look (an editor's) do not count. */
function* sources(folder) {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sources(path)
    else if (entry.isFile()) yield path
  }
}

function fingerprint(paths, ...more) {
  const hash = createHash('sha256').update(more.join())
  for (const path of paths.sort()) {
    if (existsSync(path)) hash.update(path.slice(root.length)).update(readFileSync(path))
  }
  return hash.digest('hex')
}

const installed = {
  stamp: join(root, 'node_modules', '.downhill-installed'),
  // A clone that is mounted into a container of another platform needs that platform's binaries.
  value: () => fingerprint([join(root, 'package-lock.json')], process.platform, process.arch),
  make() {
    say('installing npm packages (about half a minute) …')
    // Not `npm ci`: it refuses a lock file that lacks the optional binaries of other platforms, and the lock lists only
    // those that the registry at hand carried. `--no-save` keeps the lock as it is.
    install()
    if (binariesLoad()) return
    say('this platform’s binaries are not in the lock file; installing once more without it …')
    install('--no-package-lock')
    if (!binariesLoad()) fail('esbuild, @swc/core or zeromq has no binary for this platform')
  },
}

function install(...more) {
  const flags = [
    '--no-save',
    '--include=dev',
    '--no-fund',
    '--no-audit',
    '--loglevel=error',
    ...more,
  ]
  // Windows runs npm.cmd only through a shell.
  const options = { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' }
  must('npm install', run('npm', ['install', ...flags], options))
}

function binariesLoad() {
  const load = "require('esbuild'); require('@swc/core'); require('zeromq')"
  return run(process.execPath, ['-e', load], { stdio: 'ignore' }) === 0
}

const built = {
  stamp: join(root, 'dist', '.stamp'),
  value() {
    const folders = ['cli', 'classroom', 'kernel', 'lessons', 'src']
    const files = ['package.json', 'package-lock.json', 'tsconfig.json'].map((f) => join(root, f))
    return fingerprint([...folders.flatMap((f) => [...sources(join(root, f))]), ...files])
  },
  make() {
    say('building dist/ …')
    const build = [join(root, 'cli', 'build.mjs')]
    must('the build', run(process.execPath, build, { stdio: ['ignore', 2, 2] }))
  },
}

const isFresh = ({ stamp, value }) => existsSync(stamp) && readFileSync(stamp, 'utf8') === value()

/** Brings what is stale up to date. The stamp is written last, so that a broken run is repeated. */
function prepare() {
  if (isFresh(installed) && isFresh(built)) return
  locked(() => {
    for (const part of [installed, built]) {
      if (isFresh(part)) continue
      const value = part.value()
      part.make()
      writeFileSync(part.stamp, value)
    }
  })
}

/** One at a time: `npm test` beside `npm start` would install into each other. A holder that died holds nothing. */
function locked(work) {
  const lock = join(root, '.cache', 'bootstrap.lock')
  mkdirSync(dirname(lock), { recursive: true })
  for (let turn = 0; !take(lock); turn++) {
    if (turn === 0) say('another downhill command is installing or building; waiting')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  }
  const release = () => rmSync(lock, { force: true })
  process.once('exit', release)
  work()
  release()
  process.off('exit', release)
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') fail(`cannot write ${lock}: ${error.message}`)
  }
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0)
  } catch (error) {
    if (error.code === 'ESRCH') rmSync(lock, { force: true })
  }
  return false
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

const workshop = {
  build: () => 0,
  types,
  lint: () => biome('lint', '--error-on-warnings', '.') || types(),
  // `biome format` alone leaves imports out of order, which `biome ci` refuses.
  format: () => biome('check', '--write', '--linter-enabled=false', '.'),
  docs: (args) => run(process.execPath, [join(root, 'cli/docs.mjs'), ...args]),
  test(args) {
    if (args.includes('--soak')) process.env.DOWNHILL_SOAK = '1'
    return vitest(args.filter((a) => a !== '--soak'))
  },
  check(args) {
    const steps = {
      types,
      'lint and format': () => biome('ci', '.'),
      // `lessons check` is one of them: test/cli/lessons.test.ts.
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
if (inClone) prepare()
if (inClone && Object.hasOwn(workshop, command ?? '')) process.exit(workshop[command](args))
await import(pathToFileURL(join(root, 'dist/cli/main.js')).href)
