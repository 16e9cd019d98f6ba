import { afterEach, beforeEach, expect, test } from 'vitest'
import { progress } from '../../src/host/progress.js'
import { noHost, shown, useHost } from '../support/host.js'

beforeEach(() => useHost())
afterEach(noHost)

test('progress passes every item on and ends with all of them, in one output', async () => {
  expect([...progress(['a', 'b', 'c'], { label: 'x < y' })]).toEqual(['a', 'b', 'c'])
  expect(new Set(shown.map(({ id }) => id)).size).toBe(1)
  expect(shown[0]!.bundle).toMatchObject({ 'text/plain': 'x < y: 0 of 3' })
  expect(shown.at(-1)!.bundle).toEqual({
    'text/plain': 'x < y: 3 of 3',
    'text/html': '<label>x &lt; y: 3 of 3 <progress value="3" max="3"></progress></label>',
  })
  async function* stream() {
    yield 1
    yield 2
  }
  const got: number[] = []
  for await (const item of progress(stream())) got.push(item)
  expect(got).toEqual([1, 2])
  expect(shown.at(-1)!.bundle).toMatchObject({ 'text/plain': '2' })
})

test('progress ends its output also when the loop is left, and lets the iterable clean up', () => {
  let closed = false
  function* items() {
    try {
      yield 1
      yield 2
    } finally {
      closed = true
    }
  }
  for (const _ of progress(items(), { total: 2 })) break
  expect(closed).toBe(true)
  expect(shown.at(-1)!.bundle).toMatchObject({ 'text/plain': '0 of 2' })
})

test('progress does not flood: a hundred thousand quick items make few messages', () => {
  const start = performance.now()
  for (const _ of progress(Array.from({ length: 100_000 })));
  const most = 3 + (performance.now() - start) / 100
  expect(shown.length).toBeLessThanOrEqual(most)
})
