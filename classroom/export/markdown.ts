import { randomUUID } from 'node:crypto'
import MarkdownIt from 'markdown-it'
import { highlight } from './code.js'
import { formula, withMath } from './math.js'
import { type SanitizeOptions, sanitize } from './sanitize.js'

export interface Heading {
  level: number
  text: string
  id: string
}

/**
 * Our own HTML stands apart while the author's is sanitized: a name that cannot be guessed, a number. A guessed one could put
 * our HTML into an attribute, where its quotes end that.
 */
const mark = randomUUID()
const marked = new RegExp(`${mark}:(\\d+);`, 'g')

/** A notebook beside this one is, beside its page, a page. */
const pageOf = (href: string): string => href.replace(/^([\w-]+)\.ipynb(?=#|$)/, '$1.html')

/** Markdown cells of one page: headings get ids that are unique in it and are collected for its contents. */
export class Markdown {
  readonly headings: Heading[] = []
  readonly #used = new Set<string>()
  readonly #markdown = new MarkdownIt({ html: true, linkify: false })
  #kept: string[] = []

  constructor() {
    const keep = (html: string): string => `${mark}:${this.#kept.push(html) - 1};`
    withMath(this.#markdown, (tex, display) => keep(formula(tex, display)))
    const fence = (content: string, info: string): string => {
      const language = info.split(/\s/)[0] ?? ''
      const code = highlight(content.replace(/\n$/, ''), language)
      return keep(`<pre tabindex="0" role="group" aria-label="Code"><code>${code}</code></pre>`)
    }
    const { rules } = this.#markdown.renderer
    rules.link_open = (tokens, index, options, _, self) => {
      const link = tokens[index]!
      link.attrSet('href', pageOf(String(link.attrGet('href') ?? '')))
      return self.renderToken(tokens, index, options)
    }
    rules.fence = (tokens, index) => fence(tokens[index]?.content ?? '', tokens[index]?.info ?? '')
    rules.code_block = (tokens, index) => fence(tokens[index]?.content ?? '', '')
    rules.table_open = () =>
      `${keep('<div class="scroll" tabindex="0" role="group" aria-label="Table">')}<table>`
    rules.table_close = () => `</table>${keep('</div>')}`
    this.#markdown.core.ruler.push('headings', ({ tokens }) => {
      tokens.forEach((token, index) => {
        if (token.type !== 'heading_open') return
        const text = (tokens[index + 1]?.children ?? [])
          .map((child) => (child.type === 'html_inline' ? '' : child.content))
          .join('')
          .trim()
        const id = this.#id(text)
        token.attrSet('id', id)
        this.headings.push({ level: Number(token.tag.slice(1)), text, id })
      })
    })
  }

  render(source: string, options: Omit<SanitizeOptions, 'own'> = {}): string {
    this.#kept = []
    const html = this.#markdown.render(source)
    const { html: safe } = sanitize(html, { ...options, own: true })
    return safe.replace(marked, (_, index) => this.#kept[Number(index)] ?? '')
  }

  /** JupyterLab's: the heading's text with dashes for spaces, so that links inside a lesson work in both. */
  #id(text: string): string {
    const base = text.replace(/\s+/g, '-') || 'section'
    let id = base
    for (let count = 2; this.#used.has(id); count++) id = `${base}-${count}`
    this.#used.add(id)
    return id
  }
}
