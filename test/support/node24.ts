import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { packageRoot } from '../../kernel/package.js'

/** npm brings a Node binary as a package: the second runtime that kernel and engine are tested on. */
const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
const folder = join(packageRoot(), '.cache', 'node24')
const binary = join(folder, 'node_modules', name, 'bin', 'node')

/** The Node 24 binary in .cache, installed on the first call; undefined where npm has none. */
function node24(): string | undefined {
  if (existsSync(binary)) return binary
  // Installed beside and renamed, since test files that start together would install into each other.
  const fresh = `${folder}-${process.pid}`
  mkdirSync(fresh, { recursive: true })
  const flags = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', fresh]
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  spawnSync(npm, ['install', ...flags, `${name}@24`], { stdio: ['ignore', 'ignore', 'inherit'] })
  try {
    renameSync(fresh, folder)
  } catch {
    rmSync(fresh, { recursive: true, force: true })
  }
  return existsSync(binary) ? binary : undefined
}

/** Describes the same tests once for the Node that runs now, and once for Node 24. */
export function onEachNode(title: string, body: (node: string) => void): void {
  const version = process.versions.node
  describe(`${title} (Node ${version})`, () => body(process.execPath))
  if (version.startsWith('24.')) return
  const other = node24()
  if (other) {
    describe(`${title} (Node 24)`, () => body(other))
    return
  }
  test(`${title} (Node 24)`, (context) => {
    const reason = `npm could not install ${name}@24; enable with: npm install --prefix .cache/node24 ${name}@24`
    if (process.env.CI === 'true') throw new Error(`CI may not skip this test: ${reason}`)
    context.skip(reason)
  })
}
