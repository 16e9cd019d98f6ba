import { type SpawnOptions, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { writeAtomic } from '../../kernel/atomic.js'
import { UserError } from '../fail.js'
import { withLock } from './lock.js'

/** Python is missing, too old, or cannot install: the caller falls back to what needs no Python. */
export class PythonError extends UserError {
  override name = 'PythonError'
}

export interface VenvOptions {
  folder: string
  /** Requirement files, in the order of installation; each is installed once. */
  requirements: readonly string[]
  say: (line: string) => void
}

const wanted = 'Python ≥ 3.9'
const install = 'install it from python.org or with your package manager (Debian: python3-venv)'

/** The virtual environment's own Python. Its scripts have absolute paths inside; `python -m …` has none. */
export function venvPython(folder: string): string {
  return process.platform === 'win32'
    ? join(folder, 'Scripts', 'python.exe')
    : join(folder, 'bin', 'python')
}

/**
 * Makes a virtual environment and installs the pinned requirements, where that is not done yet; returns its Python.
 * A stamp is written last, so an interrupted run is repeated; a lock keeps two processes from doing it at once.
 * @throws PythonError with what to do
 */
export async function ensureVenv(options: VenvOptions): Promise<string> {
  const { folder, say } = options
  const python = venvPython(folder)
  if (options.requirements.every((file) => isStamped(folder, file))) return python
  const waiting = () => say('another downhill command is preparing Python; waiting')
  return await withLock(`${folder}.lock`, waiting, async () => {
    if ((await run(python, ['-c', 'import pip'])).status !== 0) await makeVenv(options)
    for (const file of options.requirements) {
      if (!isStamped(folder, file)) await installFile(python, file, options)
    }
    return python
  })
}

async function makeVenv({ folder, say }: VenvOptions): Promise<void> {
  const { command, version } = await findPython()
  say(`making a virtual environment with Python ${version} …`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  const made = await run(command, ['-m', 'venv', folder])
  if (made.status === 0) {
    // JupyterLab runs scripts of its own with Node, which takes them for modules below our package.json.
    writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n')
    return
  }
  rmSync(folder, { recursive: true, force: true })
  throw new PythonError(`lab: ${command} -m venv failed: ${lastLine(made.output)}; ${install}`)
}

async function installFile(python: string, file: string, options: VenvOptions): Promise<void> {
  const { folder, say } = options
  const names = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(/[=;]/)[0])
  say(`installing ${[...new Set(names)].join(', ')} (a minute or two the first time) …`)
  const flags = ['--disable-pip-version-check', '--no-input', '--quiet']
  const done = await run(python, ['-m', 'pip', 'install', ...flags, '-r', file])
  if (done.status !== 0)
    throw new PythonError(
      `lab: pip could not install ${basename(file)}: ${lastLine(done.output)}; is there a network?`,
    )
  await writeAtomic(stampPath(folder, file), stampText(folder, file))
}

/** The first Python on the path that is young enough. */
async function findPython(): Promise<{ command: string; version: string }> {
  const minors = [14, 13, 12, 11, 10, 9].map((minor) => `python3.${minor}`)
  const script = 'import sys; print(".".join(map(str, sys.version_info[:3])))'
  let seen = ''
  for (const command of ['python3', 'python', 'py', ...minors]) {
    const { status, output } = await run(command, ['-c', script])
    const version = output.trim()
    const [major = 0, minor = 0] = version.split('.').map(Number)
    if (status === 0 && major === 3 && minor >= 9) return { command, version }
    if (status === 0) seen ||= `, found ${version}`
  }
  throw new PythonError(`lab: JupyterLab needs ${wanted}${seen || ', found none'}; ${install}`)
}

const stampPath = (folder: string, file: string) =>
  join(folder, `.downhill-${basename(dirname(file))}-${basename(file)}.done`)

/** A moved environment is a broken one, hence the folder. */
const stampText = (folder: string, file: string) =>
  createHash('sha256').update(readFileSync(file)).update(folder).digest('hex')

function isStamped(folder: string, file: string): boolean {
  const stamp = stampPath(folder, file)
  return (
    existsSync(venvPython(folder)) && // false as well when the Python it links to was removed
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === stampText(folder, file)
  )
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? ''
}

/** Runs a program to its end and gathers what it printed. A program that does not exist has status -1. */
function run(command: string, args: string[], options: SpawnOptions = {}) {
  return new Promise<{ status: number; output: string }>((resolve) => {
    let output = ''
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout?.on('data', (part) => {
      output += part
    })
    child.stderr?.on('data', (part) => {
      output += part
    })
    child.on('error', (error) => resolve({ status: -1, output: error.message }))
    child.on('close', (status) => resolve({ status: status ?? -1, output }))
  })
}
