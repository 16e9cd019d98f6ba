import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { History } from '../../../kernel/messages/history.js'
import { KernelClient } from '../../support/kernel-client.js'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downhill-history-'))
  path = join(folder, 'of mine', 'history.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const session = (...cells: string[]): History => {
  const history = new History(path)
  for (const [i, cell] of cells.entries()) history.add(i + 1, cell)
  return history
}
const inputs = (entries: { input: string }[]) => entries.map(({ input }) => input)

test('tail and search see earlier sessions, oldest first', () => {
  session('a = 1', 'b = 2')
  const now = session('a = 3', 'a = 1')
  expect(now.tail(3)).toEqual([
    { session: 1, line: 2, input: 'b = 2' },
    { session: 2, line: 1, input: 'a = 3' },
    { session: 2, line: 2, input: 'a = 1' },
  ])
  expect(now.tail(0)).toEqual([])
  expect(inputs(now.search('a*', 0, false))).toEqual(['a = 1', 'a = 3', 'a = 1'])
  expect(now.search('a*', 5, true)).toEqual([
    { session: 2, line: 1, input: 'a = 3' },
    { session: 2, line: 2, input: 'a = 1' },
  ])
  expect(inputs(now.search('[^a] = ?', 5, false))).toEqual(['b = 2'])
  expect(inputs(now.search('*1', 1, false))).toEqual(['a = 1'])
  expect(now.search('a', 5, false)).toEqual([])
})

test('range: sessions by number or back from this one, lines from start to before stop', () => {
  session('one')
  session('a', 'b', 'c', 'd')
  const now = session('x', 'y')
  expect(inputs(now.range(0, 0, null))).toEqual(['x', 'y'])
  expect(inputs(now.range(-1, 2, 4))).toEqual(['b', 'c'])
  expect(inputs(now.range(2, -2, null))).toEqual(['c', 'd'])
  expect(inputs(now.range(2, 1, -1))).toEqual(['a', 'b', 'c'])
  expect(inputs(now.range(-2, 0, 0))).toEqual(['one'])
  expect(inputs(now.range(-3, 0, null))).toEqual([])
})

test('results are kept with their cells, also across sessions, cut and numbered again', () => {
  const before = session('a', 'b', 'a')
  before.result(1, 'one')
  before.add(1, 'a once more')
  before.result(1, 'two')
  before.result(3, 'x'.repeat(5000))
  before.result(9, 'of no cell')
  const told = (entries: { line: number; output?: string }[]) =>
    entries.map(({ line, output }) => [line, output])
  const expected = [
    [1, 'one'],
    [2, undefined],
    [3, `${'x'.repeat(4095)}…`],
    [1, 'two'],
  ]
  expect(told(before.tail(9))).toEqual(expected)
  expect(told(session().tail(9))).toEqual(expected)
})

test('several kernels at once keep their sessions apart', () => {
  const first = session('a1')
  const second = session('b1')
  first.add(2, 'a2')
  second.add(2, 'b2')
  expect(inputs(first.range(0, 0, null))).toEqual(['a1', 'a2'])
  expect(inputs(second.range(-1, 0, null))).toEqual(['a1', 'a2'])
  expect(inputs(session().tail(9))).toEqual(['a1', 'a2', 'b1', 'b2'])
})

test('a damaged line is skipped, one cut short spoils no other', () => {
  session('good', 'cut')
  truncateSync(path, statSync(path).size - 3)
  appendFileSync(path, '\nnull\n{"id": 5}\n\0\0')
  session('after')
  expect(inputs(session().tail(9))).toEqual(['good', 'after'])
})

test('the file stays below its bound, and sessions keep their numbers', () => {
  const cell = 'x'.repeat(50_000)
  session('first of all')
  session(...Array.from({ length: 60 }, () => cell))
  const last = session(cell)
  last.result(1, 'kept')
  for (let line = 2; line <= 60; line++) last.add(line, cell)
  expect(statSync(path).size).toBeLessThanOrEqual(4 << 20)
  expect(last.tail(1)).toMatchObject([{ session: 3, line: 60 }])
  expect(last.range(1, 0, null)).toEqual([])
  expect(session().range(3, 1, 2)).toMatchObject([{ output: 'kept' }])
  session('y'.repeat(100_000))
  expect(readFileSync(path, 'utf8')).not.toContain('yyy')
})

test('a session that is too large alone loses its first cells, in bytes and not in letters', () => {
  const cell = '变'.repeat(20_000)
  const now = session(...Array.from({ length: 100 }, () => cell))
  const size = () => statSync(path).size
  expect(size()).toBeLessThanOrEqual(4 << 20)
  const before = size()
  now.add(101, 'small')
  expect(size() - before).toBeLessThan(1000)
  expect(now.range(0, 0, null)).toHaveLength(101)
  expect(session().range(1, 101, null)).toMatchObject([{ input: 'small' }])
})

test('a pattern that can match nothing finds nothing', () => {
  expect(session('a = 1').search('[z-a]*', 5, false)).toEqual([])
})

test('only its owner can read it', () => {
  session('secret')
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('without a place to write, the session has its own cells', () => {
  writeFileSync(join(folder, 'file'), '')
  path = join(folder, 'file', 'history.jsonl')
  expect(inputs(session('a').tail(2))).toEqual(['a'])
})

test('a kernel that is killed leaves its cells to the next one', async () => {
  const env = { DOWNHILL_HISTORY: path }
  const killed = await KernelClient.start({ env })
  await killed.execute('let kept = 1\nkept + 1')
  await killed.execute('let hidden = 1', { store_history: false })
  killed.process.kill('SIGKILL')
  await killed.exit
  await killed.close()
  const next = await KernelClient.start({ env })
  try {
    await next.execute('let mine = 2\nmine * 21')
    const ask = async (content: object) =>
      (await next.request('history_request', { output: false, raw: true, ...content })).content
        .history
    expect(await ask({ hist_access_type: 'tail', n: 5 })).toEqual([
      [1, 1, 'let kept = 1\nkept + 1'],
      [2, 1, 'let mine = 2\nmine * 21'],
    ])
    expect(await ask({ hist_access_type: 'range', session: -1, output: true })).toEqual([
      [1, 1, ['let kept = 1\nkept + 1', '2']],
    ])
    expect(await ask({ hist_access_type: 'search', pattern: '*kept*', unique: true })).toEqual([
      [1, 1, 'let kept = 1\nkept + 1'],
    ])
  } finally {
    await next.close()
  }
})
