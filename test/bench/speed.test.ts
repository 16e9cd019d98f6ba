import { expect, test } from 'vitest'
import type { Column } from '../../bench/columns.js'
import { ratios, times, trained } from '../../bench/speed.js'

const column = (name: string, kind: Column['kind'], threads = 1, way = ''): Column => ({
  name,
  kind,
  threads,
  way,
  process: name,
  command: () => ({ program: name, args: [] }),
})
const columns = [
  column('ours', 'ours', 1, 'simd'),
  column('torch', 'torch', 2),
  column('fast', 'js'),
  column('slow', 'js'),
  column('none', 'js'),
]
const answers = (...list: number[]) => list.map((ms) => ({ ms }))
const found = {
  ours: answers(1, 2, 30),
  torch: answers(2, 2, 20),
  fast: answers(10, 10, 100),
  slow: answers(50, 50, 50),
  none: 'no such thing',
}

test('times are median, lowest and highest; who has none says why', () => {
  const lines = times(columns, [{ label: '1,000', found }], { ours: '1e-7' })
  expect(lines[0]).toBe('|  | 1,000 | off by |')
  expect(lines[2]).toBe('| ours | 2 (1–30) | 1e-7 |')
  expect(lines[6]).toBe('| none | no such thing |  |')
})

test('ratios are of each round, and stand beside their targets', () => {
  const lines = ratios(columns, [
    { label: '1,000', found, targets: () => ({ torch: 0.9, js: 0.2 }) },
  ])
  expect(lines.slice(2)).toEqual([
    '| ours ÷ torch | 1 (0.5–1.5): ≤ 0.9 **missed** |',
    '| ours ÷ best of JavaScript | 0.2 (0.1–0.3): ≤ 0.2 met, fast |',
  ])
})

test('training tells what was reached', () => {
  const runs = [10, 30, 20].map((ms) => ({ ms, epochs: 14, accuracy: 0.9721448 }))
  const lines = trained(columns.slice(0, 2), { ours: runs, torch: 'no such thing' })
  expect(lines.slice(2)).toEqual([
    '| ours | 20 (10–30) | 14 | 97.21 % |',
    '| torch | no such thing |  |  |',
  ])
})
