import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { records } from '../../src/host/records.js'
import { displaySymbol } from '../../src/host/types.js'

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

test('records: a console prints the table, and large numbers stay short', () => {
  const table = records([
    { n: 1e15, x: 123456 },
    { n: Number.NaN, x: Number.POSITIVE_INFINITY },
  ])
  expect(inspect(table)).toBe(
    '               n         x\n1000000000000000    123456\n             NaN  Infinity',
  )
  expect(inspect(records([]))).toBe('')
  expect(inspect(records([{ x: 5.76e47 }]))).toBe('       x\n5.76e+47')
})

test('records: a column with a sentence in it begins at the left, numbers end at the right', async () => {
  const table = records([
    { n: 1, because: 'the factor is never above 1, whatever the limit' },
    { n: 2, because: 'so it is' },
  ])
  const html = (await table[displaySymbol]())['text/html']
  expect(html).toContain(
    '<th scope="col">n</th><th scope="col" style="text-align:left">because</th>',
  )
  expect(html).toContain('<td>2</td><td style="text-align:left">so it is</td>')
})
