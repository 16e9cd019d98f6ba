import { expect, test } from 'vitest'
import { words } from '../../../kernel/display/words.js'

test.each([
  ['<p>one</p><p>two &amp; three</p>', 'one\ntwo & three'],
  ['<table><tr><td>a</td><td>b</td></tr>\n\n<tr><td>c</td></tr></table>', 'a  b\nc'],
  ['<style>p { color: red }</style><!-- note --><b>bold</b>', 'bold'],
  ['<b>before</b><script>never closed', 'before'],
  ['<svg><rect/></svg>', 'HTML, no text'],
  ['1 < 2', '1 < 2'],
])('%s', (markup, expected) => {
  expect(words(markup, 'HTML')).toBe(expected)
})

// Each took minutes, or for ever, where a step looked at the rest from every place.
test.each(['<', '<script ', '<!--', ' ', ' \n', '<br ', '&amp'])(
  'a million characters of %j end',
  (piece) => {
    const text = words(piece.repeat(1_000_000 / piece.length), 'HTML')
    expect(text.length).toBeLessThanOrEqual(1_000_000)
  },
)
