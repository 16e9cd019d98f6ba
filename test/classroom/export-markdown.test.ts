import { describe, expect, test } from 'vitest'
import { Markdown } from '../../classroom/export/markdown.js'
import { plain, textBlock } from '../../classroom/export/text.js'

const render = (source: string): string => new Markdown().render(source)
/** How many formulas were set, inline and displayed. */
const formulas = (html: string): [number, number] => [
  html.split('class="katex"').length - 1,
  html.split('katex-display').length - 1,
]

describe('formulas', () => {
  test.each([
    ['one $x$ here', [1, 0]],
    ['$a$ and $b_1$', [2, 0]],
    ['$$\na\n$$', [1, 1]],
    ['$$a$$ at the start of a line', [1, 1]],
    ['in a line $$a$$ too', [1, 1]],
    ['it costs $5 or $6', [0, 0]],
    ['from $5 to 6$', [1, 0]],
    ['an escaped \\$x\\$', [0, 0]],
    ['`$x$` is code', [0, 0]],
    ['```\n$x$\n```', [0, 0]],
    ['a lonely $ sign', [0, 0]],
    ['$ x $', [0, 0]],
    ['- $$a$$\n- b', [1, 1]],
  ])('%j', (source, expected) => {
    expect(formulas(render(source))).toEqual(expected)
  })

  test('both for the eye and for a screen reader', () => {
    const html = render('$\\hat m_t$')
    expect(html).toContain('<math ')
    expect(html).toContain('class="katex-html" aria-hidden="true"')
  })

  test('underscores and stars in a formula are not emphasis', () => {
    expect(render('$a_1 * b_1$ and $c_2 * d_2$')).not.toContain('<em>')
  })

  test('one that cannot be read is shown as typed, and does not stop the page', () => {
    expect(render('before $\\frac{1}$ after')).toMatch(/before .*\\frac\{1\}.* after/s)
  })

  test('cannot bring in links or programs', () => {
    const html = render('$\\href{javascript:alert(1)}{x}$ $\\includegraphics{http://evil/x.png}$')
    expect(html).not.toMatch(/href=|src=/)
  })
})

describe('headings', () => {
  test('get ids as in JupyterLab, unique in the page', () => {
    const markdown = new Markdown()
    const html = markdown.render('# A lesson\n\n## The rule\n\n## The rule\n\n### `code` & $x$')
    expect(markdown.headings).toEqual([
      { level: 1, text: 'A lesson', id: 'A-lesson' },
      { level: 2, text: 'The rule', id: 'The-rule' },
      { level: 2, text: 'The rule', id: 'The-rule-2' },
      { level: 3, text: 'code & x', id: 'code-&-x' },
    ])
    expect(html).toContain('<h2 id="The-rule-2">')
  })
})

test('a link to a notebook beside this one leads to its page', () => {
  const html = render('[05](05-adaptive.ipynb#Rules) [far](https://x.org/a.ipynb) [up](../a.ipynb)')
  expect(Array.from(html.matchAll(/href="([^"]+)"/g), ([, href]) => href)).toEqual([
    '05-adaptive.html#Rules',
    'https://x.org/a.ipynb',
    '../a.ipynb',
  ])
})

test('tables, coloured code and folded hints', () => {
  expect(render('|a|b|\n|-|-:|\n|1|2|')).toContain('<td style="text-align:right">2</td>')
  expect(render('```ts\nconst a = 1\n```')).toContain('<span class="hljs-keyword">const</span>')
  expect(render('```brainfuck\n<>\n```')).toContain('<code>&lt;&gt;</code>')
  expect(render('<details><summary>Hint</summary>\n\nLook *there*.\n\n</details>')).toContain(
    '<details><summary>Hint</summary>\n<p>Look <em>there</em>.</p>\n</details>',
  )
})

test('a text cannot name the places of our own HTML', () => {
  expect(render('\ue0000\ue000 $x$')).toMatch(/^<p>\ue0000\ue000 <span class="katex">/)
  expect(render('$x$ <b title="&#xE000;0&#xE000;">b</b>')).toContain('<b title="\ue0000\ue000">b')
})

describe('terminal text', () => {
  test.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b[1;38;5;9mx\u001b[K', 'x'],
    ['\u001b]8;;http://a\u0007link\u001b]8;;\u0007', 'link'],
    ['10 %\r50 %\r100 %\n', '100 %\n'],
    ['a\r\nb', 'a\nb'],
    ['bell\u0007', 'bell'],
  ])('%j reads %j', (text, expected) => {
    expect(plain(text)).toBe(expected)
  })

  test('a long text is folded and says how long it is', () => {
    const html = textBlock(Array.from({ length: 60 }, (_, i) => `line ${i}`).join('\n'), 'Printed')
    expect(html).toContain('<summary>Printed: 60 lines</summary>')
    expect(html).toContain('line 59')
    expect(textBlock('one\n', 'Printed')).not.toContain('<details')
    expect(textBlock('\n', 'Printed')).toBe('')
  })
})
