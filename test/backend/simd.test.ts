import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parameter, sgd, tensor, useBackend } from 'downhill'
import { build } from 'esbuild'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { pinRules } from '../../cli/pin.mjs'
import type { Backend, DeviceArray, MatrixProduct } from '../../src/backend/backend.js'
import { operations } from '../../src/backend/graph.js'
import { reference } from '../../src/backend/reference.js'
import { compileRule, program, toProgram } from '../../src/backend/rule.js'
import { openBackend } from '../../src/backend/use.js'
import { type Comparison, deviceBound } from '../support/device.js'
import { onEachNode } from '../support/node24.js'

let simd: Backend

beforeAll(async () => {
  simd = await openBackend('simd')
})
afterEach(() => useBackend('reference'))

const values = (array: DeviceArray) => [...simd.readSync(array, 'test')]
const numbers = (length: number, seed = 1) =>
  Array.from({ length }, (_, k) => Math.fround(Math.sin(seed + k * 1.7) * 3))
/** Nothing a test makes is kept: the next one finds the memory as free as it was. */
const mapped = (source: string, inputs: number[][], length?: number): number[][] => {
  const arrays = inputs.map((input) => simd.write(input))
  const made = simd.map(program(source), arrays, length === undefined ? {} : { length })
  const results = made.map(values)
  for (const array of [...arrays, ...made]) simd.release(array)
  return results
}

describe('the whole battery is within the bound of the reference', () => {
  const folder = mkdtempSync(join(tmpdir(), 'downhill-simd-'))
  const script = join(folder, 'battery.cjs')
  beforeAll(async () => {
    const contents = `import { compareWithReference } from './test/support/device.ts'
      compareWithReference('simd').then((result) => console.log(JSON.stringify(result)))`
    await build({
      stdin: { contents, resolveDir: '.', loader: 'ts' },
      bundle: true,
      format: 'cjs',
      platform: 'node',
      external: ['gpu.js', 'linkedom', '@observablehq/plot'],
      plugins: [pinRules],
      alias: { downhill: './src/index.ts' },
      outfile: script,
      logLevel: 'silent',
    })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  onEachNode('as a bundle', (node) => {
    test('runs on simd', () => {
      const { stdout, stderr } = spawnSync(node, [script], { encoding: 'utf8' })
      expect(stderr).toBe('')
      const { backend, errors } = JSON.parse(stdout) as Comparison
      expect(backend).toBe('simd')
      expect(Object.keys(errors).length).toBeGreaterThan(60)
      expect(Object.entries(errors).filter(([, error]) => !(error <= deviceBound))).toEqual([])
    }, 120_000)
  })
})

describe('all sizes', () => {
  test.each([0, 1, 2, 3, 4, 5, 31, 32, 33, 1e6 + 1])('%i', (length) => {
    const [a, b] = [numbers(length), numbers(length, 2)]
    const inputs = length === 0 ? [a, b] : [a, b, [2]]
    const rule = length === 0 ? '(a, b) => [a + b, a]' : '(a, b, s) => [a + b * s, s]'
    const [sums, second] = mapped(rule, inputs, length)
    const expected = a.map((x, k) => Math.fround(x + Math.fround(b[k]! * 2)))
    expect(sums!.length).toBe(length)
    expect(sums!.findIndex((x, k) => !Object.is(x, expected[k]))).toBe(-1)
    expect(second!.every((x) => x === 2)).toBe(true)
    const array = simd.write(a)
    const total = a.reduce((sum, x) => sum + x, 0)
    expect(values(simd.fold('sum', array))).toEqual([expect.closeTo(total, length > 1000 ? 3 : 5)])
    expect(values(simd.fold('max', array))).toEqual([Math.max(...tops(a))])
    simd.release(array)
  })

  /** Math.max takes no million arguments. */
  const tops = (list: number[]) => [
    Number.NEGATIVE_INFINITY,
    list.reduce((top, x) => Math.max(top, x), Number.NEGATIVE_INFINITY),
  ]
})

const special = [0, -0, 1, -1, 0.5, -2.5, 3e38, 1e-45, Number.NaN, 1 / 0, -1 / 0]

/** What JavaScript says, once the operands are float32. */
test.each(Object.entries(operations).filter(([op]) => op !== '?'))(
  'NaN, −0 and ∞ in %s are as in JavaScript',
  (op, { arity, apply }) => {
    const pairs = special.flatMap((x) => (arity === 1 ? [[x, 0]] : special.map((y) => [x, y])))
    const inputs = [0, 1].map((k) => pairs.map((pair) => Math.fround(pair[k]!)))
    const text =
      op === 'negate'
        ? '-a'
        : /^[a-z]/.test(op)
          ? `Math.${op}(${arity === 1 ? 'a' : 'a, b'})`
          : /^[<>=!]/.test(op)
            ? `a ${op} b ? 1 : 0`
            : `a ${op} b`
    const [ours] = mapped(`(a, b) => [${text}, b]`, inputs)
    const theirs = pairs.map((_, k) =>
      Math.fround((apply as (...args: number[]) => number)(inputs[0]![k]!, inputs[1]![k]!)),
    )
    for (const [k, pair] of pairs.entries())
      if (!Object.is(ours![k], theirs[k]))
        throw new Error(`${op} of ${pair}: ${theirs[k]} in JavaScript, got ${ours![k]}`)
  },
)

test('a choice takes its branch whole, also NaN, and by a uniform test', () => {
  const [x, y] = mapped('(a, b) => [a > 0 ? b : a, a !== a ? 1 : 2]', [
    [1, -1, Number.NaN],
    [Number.NaN, 5, 6],
  ])
  expect(x).toEqual([Number.NaN, -1, Number.NaN])
  expect(y).toEqual([2, 2, 1])
  const chosen = toProgram(compileRule('(a, { h }) => [h > 1 ? a : -a]').outputs)
  const array = simd.write([1, 2])
  const by = (h: number) => values(simd.map(chosen, [array], { hypers: { h } })[0]!)
  expect([by(2), by(1)]).toEqual([
    [1, 2],
    [-1, -2],
  ])
})

describe('fold', () => {
  test.each([
    ['NaN', [1, 2, Number.NaN, 3, 4, 5], Number.NaN, Number.NaN],
    ['NaN at the end', [1, 2, 3, 4, Number.NaN], Number.NaN, Number.NaN],
    ['infinities', [1, -1 / 0, 1 / 0, 3, 4], Number.NaN, 1 / 0],
    ['nothing', [], 0, -1 / 0],
    ['one value', [-3], -3, -3],
    ['negative values', [-3, -4, -5, -2, -9], -23, -2],
  ])('of %s', (_, list, sum, max) => {
    for (const backend of [simd, reference]) {
      const array = backend.write(list)
      expect([...backend.readSync(backend.fold('sum', array), '')]).toEqual([sum])
      expect([...backend.readSync(backend.fold('max', array), '')]).toEqual([max])
    }
  })

  test('small numbers beside large ones are not lost', () => {
    const array = simd.write([1e8, ...new Array(1000).fill(1), -1e8])
    expect(values(simd.fold('sum', array))).toEqual([1000])
  })
})

test('matmul of any sizes, turned or not, is within float32 of the reference', () => {
  const size = fc.integer({ min: 0, max: 19 })
  fc.assert(
    fc.property(size, size, size, fc.boolean(), fc.boolean(), (rows, inner, columns, ...turned) => {
      const [transposeA, transposeB] = turned
      const product: MatrixProduct = { rows, inner, columns, transposeA, transposeB }
      const [a, b] = [numbers(rows * inner), numbers(inner * columns, 5)]
      const by = (backend: Backend) =>
        backend.readSync(backend.matmul(backend.write(a), backend.write(b), product), '')
      const [ours, theirs] = [by(simd), by(reference)]
      expect(ours.length).toBe(rows * columns)
      const most = 9 * Math.max(1, inner) * Math.max(1, inner) * 2 ** -24
      ours.forEach((x, k) => {
        if (!(Math.abs(x - theirs[k]!) <= most)) throw new Error(`${x} for ${theirs[k]} at ${k}`)
      })
    }),
    { numRuns: 300 },
  )
})

describe('memory', () => {
  test('a released array is refused by name, also twice', () => {
    const array = simd.write([1, 2, 3])
    simd.release(array)
    const message =
      'simd: an array of 3 values was released and is used again; read it before, or release it later'
    for (const use of [
      () => simd.readSync(array, ''),
      () => simd.map(program('(a) => [a]'), [array]),
      () => simd.fold('sum', array),
      () => simd.release(array),
    ])
      expect(use).toThrow(new Error(message))
  })

  test('what is released is used again at once, and what is kept is not', () => {
    const kept = simd.write(numbers(1000))
    const before = footprint()
    for (let k = 0; k < 5000; k++) {
      const [made] = simd.map(program('(a) => [a * 2]'), [kept])
      simd.release(made!)
    }
    expect(footprint() - before).toBeLessThan(64 * 1024)
    expect(values(kept)).toEqual(numbers(1000))
  })

  test('growth keeps all values', () => {
    const kept = [3, 1000, 200_000].map((length) => simd.write(numbers(length)))
    const large = Array.from({ length: 8 }, (_, k) => simd.write(numbers(1e6 + k)))
    for (const [k, length] of [3, 1000, 200_000].entries())
      expect(values(kept[k]!)).toEqual(numbers(length))
    expect(values(large[7]!)).toEqual(numbers(1e6 + 7))
    for (const array of [...kept, ...large]) simd.release(array)
  })

  test('what does not fit is refused, and the rest goes on', () => {
    const one = simd.write([1, 2])
    expect(() => simd.map(program('(a) => [a]'), [simd.write([1])], { length: 1.2e9 })).toThrow(
      /^simd: no room for an array of 1200000000 values: \d+ MiB are in use, of at most 4096;/,
    )
    expect(values(one)).toEqual([1, 2])
  })

  const footprint = () => {
    const probe = simd as unknown as { bytes: number }
    return probe.bytes
  }
})

test('arrays of another backend are refused', async () => {
  const message = 'simd: got an array of another backend; make all tensors after useBackend, on one'
  expect(() => simd.map(program('(a) => [a]'), [reference.write([1])])).toThrow(
    new TypeError(message),
  )
  const here = parameter([1, 2])
  expect(await useBackend('simd')).toBe('simd')
  here.grad = tensor([1, 2])
  expect(() => sgd([here]).step()).toThrow(RangeError)
  expect(() => here.add(tensor([1, 2]))).toThrow(
    'tensor [2] on reference and tensor [2] on simd: both must live on one backend',
  )
})

test('values are read at once too, in float64', async () => {
  await useBackend('simd')
  const x = parameter([0.1, 2])
  expect(x.dataSync()).toEqual(Float64Array.of(Math.fround(0.1), 2))
  expect(x.sum().itemSync()).toBe(Math.fround(Math.fround(0.1) + 2))
})
