import { join } from 'node:path'
import { describe, test } from 'vitest'
import { npmProgram } from './npm-program.js'

/** npm brings a Node binary as a package: the second runtime that kernel and engine are tested on. */
const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
const spec = `${name}@24`

/** The Node 24 binary in .cache, installed on the first call; undefined where npm has none. */
export const node24 = (): string | undefined =>
  npmProgram({ folder: 'node24', spec, path: join(name, 'bin', 'node') })

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
    const reason = `npm could not install ${spec}; enable with: npm install --prefix .cache/node24 ${spec}`
    if (process.env.CI === 'true') throw new Error(`CI may not skip this test: ${reason}`)
    context.skip(reason)
  })
}
