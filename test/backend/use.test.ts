import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { backend, parameter, useBackend } from 'downhill'
import { afterEach, expect, test } from 'vitest'
import { packageRoot } from '../../cli/root.js'
import { onEachNode } from '../support/node24.js'

afterEach(() => useBackend('reference'))

/** What a fresh process of the built package says. */
function fresh(node: string, code: string): string {
  const url = JSON.stringify(join(packageRoot, 'dist', 'index.js'))
  const script = `import { backend, parameter, useBackend } from ${url}\n${code}`
  return execFileSync(node, ['--input-type=module', '-e', script], { encoding: 'utf8' }).trim()
}

onEachNode('the default', (node) => {
  test('is simd, without an await', () => {
    const code = 'console.log(parameter([1, 2]).toString(), "|", backend())'
    expect(fresh(node, code)).toBe('tensor [2] on simd | simd')
  })
})

test('without vectors in WebAssembly the default is the reference, and it says so', () => {
  const code = `WebAssembly.validate = () => false
    const first = parameter([1]).toString()
    console.log(first, '|', await useBackend('auto'), '|', await useBackend('simd').catch(({ message }) => message))`
  expect(fresh(process.execPath, code)).toBe(
    'tensor [1] on reference | reference | simd: this runtime has no WebAssembly with SIMD; use Node 20 or a browser of 2023 or newer, or "reference"',
  )
})

test('what exists stays where it is', async () => {
  await useBackend('simd')
  const here = parameter([0.1])
  await useBackend('reference')
  expect([here.itemSync(), parameter([0.1]).itemSync()]).toEqual([Math.fround(0.1), 0.1])
  expect(backend()).toBe('reference')
  await expect(useBackend('cuda' as never)).rejects.toThrow('there is no backend "cuda"')
})
