import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Backend } from '../../src/backend/backend.js'
import { Picks } from '../../src/backend/picks.js'
import { program } from '../../src/backend/rule.js'
import { type BackendName, openBackend } from '../../src/backend/use.js'
import { onEachNode } from '../support/node24.js'
import { compareShapes } from '../support/shapes.js'

const names: readonly BackendName[] = ['reference', 'simd', 'gpu:webasm', 'gpu:cpu']

const read = async (backend: Backend, array: { length: number }) => [
  ...(await backend.read(array as never)),
]

test.each(names)('%s repeats rows, columns and channels', async (name) => {
  const backend = await openBackend(name)
  const add = program('(a, b) => [a + b]')
  const a = backend.write([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  const cases: [number[], number][] = [
    [[1, 2, 3], 1],
    [[1, 2, 3, 4], 3],
    [[1, 2], 2],
  ]
  const results = cases.map(([b, repeat]) =>
    backend.map(add, [a, backend.write(b)], { repeat: [undefined, repeat] }),
  )
  expect(await read(backend, results[0]![0]!)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
  expect(await read(backend, results[1]![0]!)).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
  expect(await read(backend, results[2]![0]!)).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2])
  const refused = () =>
    backend.map(add, [a, backend.write([1, 2, 3, 4, 5])], { repeat: [undefined, 1] })
  expect(refused).toThrow('arrays of 5 and 12 values do not fit')
})

test.each(names)('%s folds along an axis', async (name) => {
  const backend = await openBackend(name)
  const a = backend.write([1, -2, 3, 4, 5, -6, 7, 8, 9, 10, -11, 12])
  const fold = (kind: 'sum' | 'max', length: number, inner: number) =>
    read(backend, backend.fold(kind, a, { length, inner }))
  expect(await fold('sum', 3, 1)).toEqual([2, 3, 24, 11])
  expect(await fold('max', 3, 1)).toEqual([3, 5, 9, 12])
  expect(await fold('sum', 4, 3)).toEqual([22, 0, 18])
  expect(await fold('max', 2, 3)).toEqual([4, 5, 3, 10, 8, 12])
  expect(() => backend.fold('sum', a, { length: 5, inner: 1 })).toThrow(
    'an array of 12 values is no [outer, 5, 1]',
  )
})

test.each(names)('%s reduces the values of a program over many arrays', async (name) => {
  const backend = await openBackend(name)
  const arrays = [[1, 2, 3], [4], [-5, 6]].map((values) => [backend.write(values)])
  const squares = program('(x, { scale }) => [scale * x * x]')
  const reduce = (kind: 'sum' | 'max') =>
    read(backend, backend.reduce(kind, squares, arrays, { scale: 2 }))
  expect(await reduce('sum')).toEqual([182])
  expect(await reduce('max')).toEqual([72])
})

test.each(names)('%s maps one program over many tuples', async (name) => {
  const backend = await openBackend(name)
  const launches = [[1, 2, 3], [4]].map((values) => ({ inputs: [backend.write(values)] }))
  const results = backend.mapEach(program('(x) => [x + 1, 2 * x]'), launches)
  const values = await Promise.all(results.flat().map((array) => read(backend, array)))
  expect(values).toEqual([[2, 3, 4], [2, 4, 6], [5], [8]])
})

test.each(names)('%s picks, and its transpose brings back', async (name) => {
  const backend = await openBackend(name)
  const picks = Picks.of([2, -1, 0, 2], 3)
  const picked = backend.pick(backend.write([10, 20, 30]), picks)
  expect(await read(backend, picked)).toEqual([30, 0, 10, 30])
  expect(await read(backend, backend.pick(picked, picks.transpose))).toEqual([10, 0, 60])
  expect(picks.transpose.transpose).toBe(picks)
  expect(() => Picks.of([3], 3)).toThrow('place 0 asks for element 3; there are 0 to 2')
})

test.each(names)('%s finishes the elements of a product', async (name) => {
  const backend = await openBackend(name)
  const a = backend.write([1, 2, 3, 4])
  const b = backend.write([1, 0, -1, 0, 1, -1])
  const product = { rows: 2, inner: 2, columns: 3 }
  const finish = {
    program: program('(z, bias, whole) => [Math.max(0, z + bias) * whole]'),
    inputs: [backend.write([-1, 0, 5]), backend.write([1, 2, 3, 4, 5, 6])],
  }
  // a·b = [1 2 −3; 3 4 −7]
  const result = backend.matmul(a, b, product, finish)
  expect(await read(backend, result)).toEqual([0, 4, 6, 8, 20, 0])
})

test('the same uniform numbers on every backend', async () => {
  const lists = await Promise.all(
    names.map(async (name) => {
      const backend = await openBackend(name)
      return read(backend, backend.uniform(9, { seed: 7, step: 2 ** 40, stream: 3 }))
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
      compareShapes('simd', { runs: 200, special: true }).then(() => console.log('same'))`
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
