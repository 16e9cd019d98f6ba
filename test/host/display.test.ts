import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { display } from '../../src/host/display.js'
import { progress } from '../../src/host/progress.js'
import { records } from '../../src/host/records.js'
import { displaySymbol, type Host, hostSymbol, type MimeBundle } from '../../src/host/types.js'

interface Shown {
  bundle: MimeBundle | Promise<MimeBundle>
  id: string | undefined
  update: boolean | undefined
}
let shown: Shown[] = []
const host: Host = {
  name: 'test',
  display: (bundle, { id, update } = {}) => void shown.push({ bundle, id, update }),
}
const setHost = (value: Host | undefined) => Reflect.set(globalThis, hostSymbol, value)

beforeEach(() => {
  shown = []
  setHost(host)
})
afterEach(() => setHost(undefined))

test('a value shows itself; a handle replaces it', () => {
  const handle = display({ [displaySymbol]: () => ({ 'text/plain': 'one' }) })
  handle.update({ 'text/plain': 'two' }, { raw: true })
  expect(shown).toEqual([
    { bundle: { 'text/plain': 'one' }, id: handle.id, update: false },
    { bundle: { 'text/plain': 'two' }, id: handle.id, update: true },
  ])
  expect(display(1, { id: 'mine' }).id).toBe('mine')
  expect(display(1).id).not.toBe(display(1).id)
})

test('the host shows what does not show itself, else its text', () => {
  display([1, 2])
  setHost({ ...host, bundle: (value) => ({ 'text/html': `<b>${String(value)}</b>` }) })
  display([1, 2])
  expect(shown.map(({ bundle }) => bundle)).toEqual([
    { 'text/plain': '[1,2]' },
    { 'text/html': '<b>1,2</b>' },
  ])
})

test('raw takes a bundle and nothing else', () => {
  expect(() => display('text', { raw: true })).toThrow(
    'display: raw needs an object of MIME type → content, got text',
  )
})

test('a promised bundle keeps its place in the order of outputs', async () => {
  const { id } = display({ [displaySymbol]: async () => ({ 'text/plain': 'late' }) })
  display('next')
  expect(shown.map((s) => [s.id === id, s.update])).toEqual([
    [true, false],
    [true, true],
    [false, false],
  ])
  expect(await shown[1]!.bundle).toEqual({ 'text/plain': 'late' })
})

test('without a host: the console', async () => {
  setHost(undefined)
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  display({ 'text/plain': 'text', 'text/html': '<p>' }, { raw: true })
  display({ [displaySymbol]: async () => ({ 'text/plain': 'late' }) })
  for (const _ of progress([1, 2, 3], { label: 'steps' }));
  await vi.waitFor(() => expect(log.mock.calls).toEqual([['text'], ['steps: 3 of 3'], ['late']]))
  log.mockRestore()
})

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

test('records: aligned text and an accessible, escaped table', () => {
  const rows = [
    { name: 'a<b', x: 1 / 3, n: 12 },
    { name: 'c', x: 2, n: null },
  ]
  const table = records(rows, {
    digits: { x: 2 },
    caption: 'A & B',
    mark: (row, column) => (column === 'n' && row.n === null ? 'missing' : undefined),
  })
  expect(String(table)).toBe(
    'A & B\nname     x           n\n a<b  0.33          12\n   c  2.00   (missing)',
  )
  expect(table[displaySymbol]()).toEqual({
    'text/plain': String(table),
    'text/html':
      '<table><caption>A &amp; B</caption><thead><tr><th scope="col">name</th><th scope="col">x</th><th scope="col">n</th></tr></thead>' +
      '<tbody><tr><td>a&lt;b</td><td>0.33</td><td>12</td></tr><tr><td>c</td><td>2.00</td><td><strong></strong> (missing)</td></tr></tbody></table>',
  })
})
