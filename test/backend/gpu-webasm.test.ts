import { expect, test } from 'vitest'
import { program } from '../../src/backend/rule.js'
import { openBackend } from '../../src/backend/use.js'

/** With gpu.js alone a page of Chromium fails after about 120 kernels: test/backend/browser.test.ts. */
test('a thousand kernels share one memory, and those not used go', async () => {
  const backend = await openBackend('gpu:webasm')
  const each = program('(a, b) => [a + 2 * b]')
  const sum = async (length: number) => {
    const a = backend.write(new Float32Array(length).fill(1))
    const [made] = backend.map(each, [a, a])
    const total = backend.fold('sum', made!)
    const [value] = await backend.read(total)
    for (const array of [a, made!, total]) backend.release(array)
    return value
  }
  for (let length = 1; length < 400; length++) expect(await sum(length)).toBe(3 * length)
  expect(await sum(2_000_000)).toBe(6_000_000) // the memory grows: views of it are made anew
  expect(await sum(1)).toBe(3)
}, 120_000)

test('an array is not longer than float32 can count', async () => {
  const backend = await openBackend('gpu:webasm')
  expect(() => backend.write({ length: 2 ** 24 + 1 })).toThrow(
    new RangeError(
      'gpu: webasm: write: an array holds at most 2^24 values, since kernels count in float32; got 16777217. Split it, or use simd',
    ),
  )
})

test('empty arrays are launched nowhere', async () => {
  const backend = await openBackend('gpu:webasm')
  const none = backend.write([])
  const [mapped] = backend.map(program('(a) => [a + 1]'), [none])
  expect(await backend.read(mapped!)).toHaveLength(0)
  expect([...(await backend.read(backend.fold('sum', none)))]).toEqual([0])
  expect([...(await backend.read(backend.fold('max', none)))]).toEqual([-Infinity])
})
