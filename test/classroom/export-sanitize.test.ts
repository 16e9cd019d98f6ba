import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { safeLink, sanitize } from '../../classroom/export/sanitize.js'

/** Every element and attribute that survived. */
function left(html: string): string[] {
  const { document } = parseHTML(`<html><body>${html}</body></html>`)
  return [...document.body.querySelectorAll('*')].flatMap((element) => [
    element.localName,
    ...[...element.attributes].map(({ name, value }) => `${element.localName}[${name}=${value}]`),
  ])
}

const attacks = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil/x.js></SCRIPT>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><style>*{background:url(http://evil/)}</style></svg>',
  '<svg><image href="http://evil/x.png"/><use href="http://evil/x.svg#a"/></svg>',
  '<svg><path fill="url(http://evil/x#y)" d="M0,0"/></svg>',
  '<svg><foreignObject><iframe src="javascript:alert(1)"></iframe></foreignObject></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="data:text/html,<script>alert(1)</script>"></object>',
  '<embed src="http://evil/">',
  '<link rel=stylesheet href="http://evil/x.css">',
  '<meta http-equiv=refresh content="0;url=http://evil/">',
  '<base href="http://evil/">',
  '<style>body{background:url(http://evil/)}</style>',
  '<div style="background:url(http://evil/)">x</div>',
  '<td style="text-align:right;background:url(http://evil/)">x</td>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href=" java\nscript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href="data:text/html,x">x</a>',
  '<a href="//evil/">x</a>',
  '<form action="http://evil/"><input name=a><button formaction="javascript:alert(1)">x</button></form>',
  '<video src="http://evil/"><source src="http://evil/"></video>',
  '<img srcset="http://evil/x.png 2x" src="data:image/png;base64,AAAA">',
  '<img src="data:text/html;base64,AAAA">',
  '<body onload=alert(1)>',
  '</div></main></body></html><script>alert(1)</script>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<textarea><img src=x onerror=alert(1)></textarea>',
  '<template><script>alert(1)</script></template>',
  '<p id="dh-plotly" class="skip">x</p>',
  '<table background="http://evil/"><tr><td>x</td></tr></table>',
]

test.each(attacks)('nothing runs, loads or reaches outside: %s', (attack) => {
  for (const own of [false, true]) {
    const { html } = sanitize(attack, { own })
    for (const what of left(html)) {
      expect(what).not.toMatch(
        /^(script|iframe|object|embed|style|link|meta|base|form|input|image|use)\b/i,
      )
      expect(what).not.toMatch(/\[(on|style=.*url|srcset|class=skip|id=dh-|action|background)/i)
      expect(what).not.toMatch(/javascript:|evil/i)
    }
  }
})

test('a script inside an attribute of a tag that survives stays text', () => {
  const { html } = sanitize('<p title="&quot;><script>alert(1)</script>">x</p>')
  expect(html).toBe('<p title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">x</p>')
})

describe('what an honest author writes is kept', () => {
  test.each([
    '<p>H<sub>2</sub>O &amp; <em>so on</em></p>',
    '<table><caption>c</caption><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td colspan="2">1</td></tr></tbody></table>',
    '<details open=""><summary>Hint</summary>text</details>',
    '<label>epoch: 3 of 4 <progress value="3" max="4"></progress></label>',
    '<td style="text-align:right">1</td>',
    '<img src="data:image/png;base64,iVBORw0KGgo=" alt="a dot">',
    '<svg viewBox="0 0 10 10" role="img" aria-label="x"><rect class="paper" fill="#fff" width="10"></rect><path d="M0,0L10,10" stroke-width="2"></path></svg>',
  ])('%s', (html) => {
    expect(sanitize(html).html).toBe(html)
  })

  test('links: the web, mail, and places of the course', () => {
    for (const href of [
      'https://arxiv.org/abs/1',
      'mailto:a@b.c',
      '#The-rule',
      '02.html',
      'a/b.html',
    ])
      expect(safeLink(href)).toBe(href)
    for (const href of [
      'javascript:1',
      'JaVaScRiPt:1',
      'data:a',
      'file:///etc/passwd',
      '//evil',
      'vbscript:x',
    ])
      expect(safeLink(href)).toBeUndefined()
  })
})

test('what is left out is named', () => {
  const { html, left: missing } = sanitize(
    '<script>1</script><img src="https://a/b.png" alt="A plot">',
  )
  expect(missing).toEqual(['a script', 'the picture https://a/b.png'])
  expect(html).toBe('<em>[picture not in this page: A plot (https://a/b.png)]</em>')
})
