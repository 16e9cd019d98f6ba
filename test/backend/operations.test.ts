import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Picks } from '../../src/backend/picks.js'
import { program } from '../../src/backend/rule.js'
import { type BackendName, openBackend } from '../../src/backend/use.js'
import { battery, runBattery } from '../support/battery.js'
import { onEachNode } from '../support/node24.js'
import { compareShapes } from '../support/shapes.js'

const names: readonly BackendName[] = ['reference', 'simd', 'gpu:webasm', 'gpu:cpu']

test.each(names)('%s does every operation', async (name) => {
  const results = await runBattery(await openBackend(name))
  for (const [what, { expected }] of Object.entries(battery))
    expect(results[what], what).toEqual(expected)
})

test.each(names)('%s refuses what does not fit', async (name) => {
  const backend = await openBackend(name)
  const a = backend.write(new Float64Array(12))
  const five = backend.write([1, 2, 3, 4, 5])
  const add = program('(a, b) => [a + b]')
  expect(() => backend.map(add, [a, five], { repeat: [undefined, 1] })).toThrow(
    'arrays of 5 and 12 values do not fit',
  )
  expect(() => backend.fold('sum', a, { length: 5, inner: 1 })).toThrow(
    'an array of 12 values is no [outer, 5, 1]',
  )
  expect(() => backend.pick(five, Picks.of([0], 3))).toThrow('pick: made for 3 elements, got 5')
})

test('picks know their transpose, and their source', () => {
  const picks = Picks.of([2, -1, 0, 2], 3)
  expect(picks.transpose.transpose).toBe(picks)
  expect(() => Picks.of([3], 3)).toThrow('place 0 asks for element 3; there are 0 to 2')
})

test('the same uniform numbers on every backend', async () => {
  const lists = await Promise.all(
    names.map(async (name) => {
      const backend = await openBackend(name)
      return [...(await backend.read(backend.uniform(9, { seed: 7, step: 2 ** 40, stream: 3 })))]
    }),
  )
  for (const list of lists) expect(list).toEqual(lists[0])
  expect(lists[0]!.every((value) => value >= 0 && value < 1)).toBe(true)
  expect(new Set(lists[0]).size).toBe(9)
})

test('random shapes on gpu:cpu are as on the reference', async () => {
  await compareShapes('gpu:cpu', { runs: 8, special: false })
}, 120_000)

describe('random shapes, NaN, −0 and ∞ on simd are as on the reference', () => {
  const folder = mkdtempSync(join(tmpdir(), 'downhill-shapes-'))
  const script = join(folder, 'shapes.cjs')
  beforeAll(async () => {
    const contents = `import { compareShapes } from './test/support/shapes.ts'
      compareShapes('simd', { runs: 300, special: true }).then(() => console.log('same'))`
    await build({
      stdin: { contents, resolveDir: '.', loader: 'ts' },
      bundle: true,
      format: 'cjs',
      platform: 'node',
      external: ['gpu.js'],
      outfile: script,
      logLevel: 'silent',
    })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  onEachNode('as a bundle', (node) => {
    test('passes', () => {
      const { stdout, stderr } = spawnSync(node, [script], { encoding: 'utf8' })
      expect(stderr).toBe('')
      expect(stdout).toBe('same\n')
    }, 240_000)
  })
})
