import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { progress } from '../../src/host/progress.js'
import { clock } from '../../src/host/progress-bar.js'
import { noHost, shown, useHost } from '../support/host.js'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  useHost()
})
afterEach(() => {
  vi.useRealTimers()
  noHost()
})

const texts = () => shown.map(({ bundle }) => (bundle as Record<string, string>)['text/plain'])
const ids = () => new Set(shown.map(({ id }) => id)).size

test('progress passes every item on, with count, rate and time left, in one output', async () => {
  const got: string[] = []
  for (const item of progress(['a', 'b', 'c', 'd'], { label: 'x < y' })) {
    got.push(item)
    vi.advanceTimersByTime(500)
  }
  expect(got).toEqual(['a', 'b', 'c', 'd'])
  expect(ids()).toBe(1)
  expect(texts()).toEqual([
    'x < y: 0 of 4',
    'x < y: 1 of 4, 2/s, 1.5 s left',
    'x < y: 2 of 4, 2/s, 1 s left',
    'x < y: 3 of 4, 2/s, 0.5 s left',
    'x < y: 4 of 4, 2/s, 0 s left',
    'x < y: 4 of 4, 2/s, took 2 s',
  ])
  expect(shown.at(-1)!.bundle).toMatchObject({
    'text/html':
      '<label>x &lt; y: 4 of 4, 2/s, took 2 s <progress value="4" max="4"></progress></label>',
  })
})

test('any iterable: sets, generators, text, async ones with and without a total', async () => {
  async function* stream() {
    for (const item of [1, 2]) {
      vi.advanceTimersByTime(90_000)
      yield item
    }
  }
  const collect = async (items: AsyncIterable<number>) => {
    const got: number[] = []
    for await (const item of items) got.push(item)
    return got
  }
  expect(await collect(progress(stream(), { total: 4 }))).toEqual([1, 2])
  expect(texts()).toContain('1 of 4, 90 s each, 4:30 left')
  expect(await collect(progress(stream()))).toEqual([1, 2])
  expect(texts().at(-1)).toBe('2, 90 s each, took 3:00')
  expect(shown.at(-1)!.bundle).toMatchObject({
    'text/html': expect.stringContaining('value="2" max="2"'),
  })
  function* endless() {
    for (let n = 1; ; n++) yield n
  }
  for (const n of progress(endless())) {
    vi.advanceTimersByTime(250)
    if (n === 3) break
  }
  const running = shown.at(-2)!.bundle as Record<string, string>
  expect(running['text/plain']).toBe('2, 4/s')
  expect(running['text/html']).toContain('<progress></progress>')
  expect(texts().at(-1)).toBe('2, 4/s, took 0.75 s')
  expect([...progress(new Set(['a']))]).toEqual(['a'])
  expect([...progress('ab')]).toEqual(['a', 'b'])
  expect([...progress([])]).toEqual([])
  expect(texts().at(-1)).toBe('0 of 0, took 0 s')
  expect(() => progress(5 as never)).toThrow(
    new TypeError('progress: needs something that can be iterated (an array, a generator), got 5'),
  )
  expect(() => progress([], { total: -1 })).toThrow(
    new RangeError('progress: total must be at least 0, got -1'),
  )
})

test('a loop inside another has its line in the same output, the last one only', () => {
  for (const _ of progress([1, 2], { label: 'epoch' }))
    for (const _ of progress([1, 2], { label: 'batch' })) vi.advanceTimersByTime(1000)
  expect(ids()).toBe(1)
  expect(texts()).toContain('epoch: 1 of 2, 2 s each, 1 s left\nbatch: 1 of 2, 1/s, 1 s left')
  expect(texts().every((text) => text!.split('\n').length <= 2)).toBe(true)
  expect(texts().at(-1)).toBe('epoch: 2 of 2, 2 s each, took 4 s')
  expect([...progress([1])]).toEqual([1])
  expect(ids()).toBe(2)
})

test('loops beside each other share an output, which ends with both', async () => {
  const first = progress([1, 2], { label: 'first' })
  const second = progress([1, 2], { label: 'second' })
  first.next()
  second.next()
  vi.advanceTimersByTime(1000)
  expect([...first]).toEqual([2])
  expect([...second]).toEqual([2])
  expect(ids()).toBe(1)
  expect(texts().at(-1)).toBe('first: 2 of 2, 2/s, took 1 s\nsecond: 2 of 2, 2/s, took 1 s')
})

test('a loop that an interrupt cut off does not hold the loops of later cells', () => {
  let cell = 1
  useHost({ cell: () => cell })
  progress([1, 2]).next()
  cell = 2
  for (const _ of progress([1], { label: 'later' }));
  expect(ids()).toBe(2)
  expect(texts().at(-1)).toBe('later: 1 of 1, took 0 s')
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
  expect(texts().at(-1)).toBe('0 of 2, took 0 s')
})

test('progress does not flood: a hundred thousand quick items, and nested ones, make few messages', () => {
  for (const _ of progress(Array.from({ length: 100_000 })));
  for (const _ of progress(Array.from({ length: 1000 })))
    for (const _ of progress([1, 2])) vi.advanceTimersByTime(0.1)
  expect(shown.length).toBeLessThanOrEqual(8)
})

test('a console gets a line every five seconds, and the last one', () => {
  noHost()
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  for (const _ of progress([1, 2, 3])) vi.advanceTimersByTime(4000)
  expect(log.mock.calls.flat()).toEqual([
    '2 of 3, 4 s each, 4 s left',
    '3 of 3, 4 s each, took 12 s',
  ])
  log.mockRestore()
})

test('clock', () => {
  expect([0.04, 9.94, 12.4, 59.6, 185, 3723].map(clock)).toEqual([
    '0.04 s',
    '9.9 s',
    '12 s',
    '1:00',
    '3:05',
    '1:02:03',
  ])
})
