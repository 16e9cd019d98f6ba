import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** What a rule of KaTeX's style sheet asks for. */
interface Face {
  family: string
  bold: boolean
  italic: boolean
}

const field = (body: string, name: string): string =>
  new RegExp(`${name}:([^;]*)`).exec(body)?.[1] ?? ''

function face(body: string): Face {
  return {
    family: /KaTeX_\w+/.exec(field(body, 'font-family'))?.[0] ?? 'KaTeX_Main',
    bold: /bold|[6-9]00/.test(field(body, 'font-weight')),
    italic: field(body, 'font-style') === 'italic',
  }
}

const same = (a: Face, b: Face): boolean =>
  a.family === b.family && a.bold === b.bold && a.italic === b.italic

/** KaTeX's style sheet with the fonts that this page's formulas use, as data: URIs. All of them would be 0.4 MB. */
export function katexCss(html: string): string {
  const path = require.resolve('katex/dist/katex.min.css')
  const css = readFileSync(path, 'utf8')
  const used = new Set(
    [...html.matchAll(/class="([^"]*)"/g)].flatMap(([, names]) => (names ?? '').split(' ')),
  )
  const wanted: Face[] = [{ family: 'KaTeX_Main', bold: false, italic: false }]
  const rules = css.matchAll(/([^{}]+)\{([^{}]*font-(?:family|weight|style)[^{}]*)\}/g)
  for (const [, selectors = '', body = ''] of rules) {
    if (selectors.includes('@font-face')) continue
    const applies = selectors.split(',').some((selector) => {
      const names = [...selector.matchAll(/\.([\w-]+)/g)].map(([, name]) => name ?? '')
      return names.length > 1 && names.every((name) => used.has(name))
    })
    if (applies) wanted.push(face(body))
  }
  return css.replace(/@font-face\{([^}]*)\}/g, (_, body: string) => {
    if (!wanted.some((one) => same(one, face(body)))) return ''
    const file = /url\((fonts\/[\w-]+\.woff2)\)/.exec(body)?.[1] ?? ''
    const data = readFileSync(join(dirname(path), file)).toString('base64')
    const source = `src:url(data:font/woff2;base64,${data}) format("woff2")`
    return `@font-face{${body.replace(/src:.*?(?=;|$)/, source)}}`
  })
}
