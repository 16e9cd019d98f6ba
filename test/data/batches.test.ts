import {
  type Batch,
  type BatchesOptions,
  batches,
  Dataset,
  parameter,
  progress,
  useBackend,
} from 'downhill'
import { afterEach, describe, expect, test } from 'vitest'
import { openBackend } from '../../src/backend/use.js'

afterEach(() => useBackend('reference'))

const data = new Dataset({
  x: Array.from({ length: 10 }, (_, k) => [k, 100 + k]),
  y: Array.from({ length: 10 }, (_, k) => k / 2),
})
const labels = async (options: BatchesOptions) =>
  Promise.all(Array.from(batches(data, options), async ({ y }) => [...(await y.data())]))

test('each row once an epoch, the last batch with what is left', async () => {
  const all = batches(data, { size: 4, seed: 1 })
  expect(all.length).toBe(3)
  const made = [...all]
  expect(made.map(({ x, y }) => [x.shape, y.shape])).toEqual([[[4, 2], [4]], [[4, 2], [4]], [[2, 2], [2]]]) // biome-ignore format: three pairs
  const rows = (await labels({ size: 4, seed: 1 })).flat()
  expect(rows.toSorted((a, b) => a - b)).toEqual([...data.y])
  for (const { x, y } of made) {
    const [features, ys] = [await x.data(), await y.data()]
    for (const [k, label] of ys.entries())
      expect([...features.slice(2 * k, 2 * k + 2)]).toEqual([2 * label, 100 + 2 * label])
  }
})

test('the order is a function of seed and epoch, and of nothing else', async () => {
  const first = await labels({ seed: 1, epoch: 0, size: 10 })
  expect(await labels({ seed: 1, epoch: 0, size: 10 })).toEqual(first)
  expect((await labels({ seed: 1, epoch: 0, size: 3 })).flat()).toEqual(first.flat())
  expect(await labels({ seed: 1, epoch: 1, size: 10 })).not.toEqual(first)
  expect(await labels({ seed: 2, epoch: 0, size: 10 })).not.toEqual(first)
  // From a Philox and a Fisher and Yates of a few lines of Python: a run that is resumed must see the order that it began with.
  expect(first.flat()).toEqual([4.5, 2, 3.5, 4, 1, 0.5, 0, 3, 1.5, 2.5])
})

test('one object gives the same batches as often as it is asked', async () => {
  const all = batches(data, { size: 4, seed: 9 })
  const read = () => Promise.all(Array.from(all, async ({ y }) => [...(await y.data())]))
  expect(await read()).toEqual(await read())
})

test('without shuffle the order is the data’s; dropLast leaves out what is left', async () => {
  const options = { size: 4, shuffle: false, dropLast: true }
  expect(await labels(options)).toEqual([[0, 0.5, 1, 1.5], [2, 2.5, 3, 3.5]]) // biome-ignore format: two rows
  expect(batches(data, options).length).toBe(2)
  expect(batches(data, { size: 11, dropLast: true }).length).toBe(0)
})

test('progress knows how many there are', () => {
  const seen = [...progress(batches(data, { size: 4 }), { label: 'an epoch' })]
  expect(seen).toHaveLength(3)
})

describe('on simd', () => {
  test('batches are there, and readable after the next one was asked for', async () => {
    await useBackend('simd')
    const made = [...batches(data, { size: 4, shuffle: false })]
    expect(made[0]!.x.backend.name).toBe('simd')
    expect([...(await made[0]!.x.data())]).toEqual([0, 100, 1, 101, 2, 102, 3, 103])
  })

  test('a batch that was kept trains on: overfitting one batch', async () => {
    await useBackend('simd')
    const [batch] = batches(data, { size: 4, shuffle: false }) as Iterable<Batch>
    const w = parameter([1, 1, 1, 1, 1, 1, 1, 1], { shape: [4, 2] })
    for (let step = 0; step < 3; step++) {
      w.grad = null
      batch!.x.mul(w).sum().backward()
      expect([...w.grad!.dataSync()]).toEqual([0, 100, 1, 101, 2, 102, 3, 103])
    }
  })
})

test('a loop without a pause does not grow the memory of simd', async () => {
  await useBackend('simd')
  const simd = (await openBackend('simd')) as unknown as { bytes: number }
  const wide = new Dataset({
    x: Array.from({ length: 16 }, () => Array.from({ length: 1024 }, () => 1)),
    y: Array.from({ length: 16 }, () => 0),
  })
  const epochs = (from: number, to: number) => {
    for (let epoch = from; epoch < to; epoch++)
      for (const { x } of batches(wide, { epoch })) expect(x.size).toBe(16 * 1024)
  }
  epochs(0, 5)
  const before = simd.bytes
  epochs(5, 1000)
  expect(simd.bytes).toBe(before)
}, 60_000)

test.each([
  [{ size: 0 }, 'batches: size must be a whole number ≥ 1, got 0'],
  [{ epoch: -1 }, 'batches: epoch must be a whole number ≥ 0, got -1'],
  [{ seed: 0.5 }, 'batches: seed must be a whole number from 0 to 2⁵³ − 1, got 0.5'],
])('refused: %j', (options, message) => {
  expect(() => batches(data, options)).toThrow(new RangeError(message))
})

test('an unknown option is refused', () => {
  expect(() => batches(data, { batchSize: 4 } as object)).toThrow(/there is no option "batchSize"/)
})
