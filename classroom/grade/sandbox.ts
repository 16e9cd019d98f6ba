import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installedAt } from '../../kernel/language/modules.js'
import { UserError } from '../../src/host/user-error.js'

export interface Limits {
  /** Seconds of processor time of each process. */
  cpu: number
  /** Bytes of memory of each process, and of all of them together. */
  memory: number
  /** Bytes of a file, and of all files of a submission. */
  files: number
  /** Processes of the sandbox; threads are limited to 16 times as many. */
  processes: number
}

export interface SandboxOptions {
  /** The folder of the package `downhill`. */
  packageRoot: string
  /** What lies beside the notebook: readable in the work folder, under the same names. */
  beside: string[]
  limits: Limits
}

const work = '/home/learner'

/** What the kernel needs of the system: libraries. No shell, no tools, no configuration, no home. */
const libraries = ['/usr/lib', '/usr/lib32', '/usr/lib64', '/lib', '/lib32', '/lib64']

/** @throws UserError when bubblewrap or prlimit is missing or may not be used here */
export function requireSandbox(): void {
  const tried = spawnSync(
    'bwrap',
    ['--unshare-all', '--ro-bind', '/', '/', 'prlimit', '--version'],
    { encoding: 'utf8' },
  )
  if (tried.status === 0) return
  const why = tried.error
    ? 'it is not installed: apt-get install bubblewrap, or your system’s equivalent'
    : `it says: ${tried.stderr.trim().split('\n').at(-1)}`
  throw new UserError(
    `grade: submissions run in a sandbox made by bubblewrap, which cannot be used: ${why}. Or grade on a server that isolates (--server URL), or accept that submissions can read and change your files (--unsafe)`,
  )
}

/**
 * The argv that runs a kernel where it sees no network, no processes but its own, no environment, and of the file system
 * only: Node, system libraries, the built package without its lessons, `folder` with its sockets, and an empty work folder.
 */
export function sandboxArgv(argv: string[], folder: string, options: SandboxOptions): string[] {
  const { limits, packageRoot, beside } = options
  const node = realpathSync(process.execPath)
  const prlimit = which('prlimit')
  return [
    'bwrap',
    '--unshare-all',
    // Named once more because --disable-userns insists: no namespaces inside, so less of Linux within reach.
    ...['--unshare-user', '--disable-userns', '--cap-drop', 'ALL'],
    ...['--uid', '65534', '--gid', '65534', '--hostname', 'sandbox'],
    ...['--clearenv', '--die-with-parent', '--new-session'],
    ...libraries.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
    ...['--proc', '/proc', '--dev', '/dev', '--size', '1048576', '--tmpfs', '/dev/shm'],
    ...['--size', String(limits.files), '--tmpfs', '/tmp'],
    ...['--size', String(limits.files), '--tmpfs', work],
    // Before the package: it may itself lie in /tmp, in a system folder or beside its lessons.
    ...['--tmpfs', packageRoot],
    ...readOnly([node, prlimit, ...packageParts(packageRoot)]),
    ...beside.filter(isPlain).flatMap((path) => ['--ro-bind', path, join(work, nameOf(path))]),
    ...['--bind', folder, folder, '--chdir', work],
    // /proc too: files in /proc/sys ask for root's uid alone, which a sandbox has whose grader is root.
    ...['/proc', '/dev', packageRoot, '/'].flatMap((path) => ['--remount-ro', path]),
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...[prlimit, `--cpu=${limits.cpu}`, `--data=${limits.memory}`, `--fsize=${limits.files}`],
    ...[`--nproc=${16 * limits.processes}`, '--core=0', node, ...argv.slice(1)],
  ]
}

const environment = {
  HOME: work,
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  // Code that works earns its points; the learner sees type errors in JupyterLab.
  DOWNHILL_TYPES: 'off',
}

const readOnly = (paths: string[]) => paths.flatMap((path) => ['--ro-bind', path, path])
const nameOf = (path: string) => path.slice(dirname(path).length + 1)

/** A link would be followed by bubblewrap, which is not in the sandbox. */
function isPlain(path: string): boolean {
  const found = lstatSync(path)
  return found.isFile() || found.isDirectory()
}

function which(command: string): string {
  const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', ...(process.env.PATH ?? '').split(':')]
  const found = folders.map((folder) => join(folder, command)).find((path) => existsSync(path))
  if (!found)
    throw new UserError(`grade: ${command} (of util-linux) is missing, and it sets limits`)
  return realpathSync(found)
}

/** The kernel, the library, and the packages they import: never lessons/, notebooks/ or dist/grader. */
function packageParts(root: string): string[] {
  const own = ['package.json', 'dist/kernel', ...built(root)].map((part) => join(root, part))
  return [...own, ...packages(root)]
}

const built = (root: string) =>
  readdirSync(join(root, 'dist'))
    .filter((name) => /^(index\.c?js(\.map)?|packed)$/.test(name))
    .map((name) => join('dist', name))

const cache = new Map<string, string[]>()

/** The folders of everything that the package depends on, wherever npm put them. */
function packages(root: string): string[] {
  const known = cache.get(root)
  if (known) return known
  const found = new Set<string>()
  const visit = (folder: string): void => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    for (const name of Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
    })) {
      const manifest = installedAt(folder, name)
      const place = manifest && dirname(manifest)
      if (place === undefined || found.has(place)) continue
      found.add(place)
      visit(place)
    }
  }
  visit(root)
  const list = [...found].filter((path) => !inside(path, found))
  cache.set(root, list)
  return list
}

function inside(path: string, others: Set<string>): boolean {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if (others.has(folder)) return true
  return false
}
