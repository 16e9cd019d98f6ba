import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { packageRoot } from '../../cli/root.js'

/** TypeDoc reads all sources with a compiler of its own, and is installed on the first call. */
const limit = 300_000

function docs(...args: string[]): { status: number | null; said: string } {
  const { status, stderr } = spawnSync(process.execPath, ['cli/docs.mjs', ...args], {
    cwd: packageRoot,
    encoding: 'utf8',
  })
  return { status, said: stderr }
}

test(
  'docs/api is what the docstrings say, and every public name has one',
  () => {
    expect(docs('--check')).toEqual({ status: 0, said: '' })
  },
  limit,
)

/** In the repository, but ignored by git: its imports of the library must be found. */
const library = join(packageRoot, '.cache', `undocumented-${process.pid}`)
afterAll(() => rmSync(library, { recursive: true, force: true }))

test(
  'an undocumented name, method, and an optimizer without its parts fail the build of the docs',
  () => {
    const files = {
      'index.ts': `export { bare, type Shape } from './nn/bare.js'
export { whole, wrong } from './optimizers/wrong.js'
`,
      'nn/bare.ts': `export const bare = () => 1
/** Has a method. */
export interface Shape {
  area(): number
}
`,
      'optimizers/wrong.ts': `import { rate } from '../../../src/backend/options.js'
import { defineOptimizer } from '../../../src/optimizers/define.js'
/** Without parts. */
export const wrong = defineOptimizer({
  name: 'wrong', options: { lr: rate(0.1) }, state: [], rule: (p, g, { lr }) => [p - lr * g],
})
/**
 * With all parts.
 *   p ← p − α·g
 * Source    Cauchy 1847.
 * Defaults  lr 0.1.   Memory  none.   Tests  test/optimizers/sgd.test.ts
 * @example  whole(params)
 */
export const whole = defineOptimizer({
  name: 'whole', options: { lr: rate(0.1) }, state: [], rule: (p, g, { lr }) => [p - lr * g],
})
`,
    }
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(library, name)), { recursive: true })
      writeFileSync(join(library, name), text)
    }
    const { status, said } = docs('--source', library, '--out', join(library, 'out'))
    expect(status).toBe(1)
    const lines = said.trim().split('\n')
    expect(lines).toEqual([
      expect.stringMatching(/^docs: nn\.bare \(\w+\), .* does not have any documentation$/),
      expect.stringMatching(/^docs: nn\.Shape\.area \(\w+\), .* does not have any documentation$/),
      'docs: optimizers: wrong has no equation (a line indented by two)',
      'docs: optimizers: wrong has no line "Source  …"',
      'docs: optimizers: wrong has no line "Defaults  …"',
      'docs: optimizers: wrong has no line "Memory  …"',
      'docs: optimizers: wrong has no line "Tests  …"',
      'docs: optimizers: wrong has no @example',
    ])
  },
  limit,
)
