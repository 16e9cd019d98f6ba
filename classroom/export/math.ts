import katex from 'katex'
import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it'

/** A formula as HTML for the eye and MathML for a screen reader. One that KaTeX cannot read is shown as it was typed. */
export function formula(tex: string, displayMode: boolean): string {
  const html = katex.renderToString(tex, {
    displayMode,
    throwOnError: false,
    errorColor: 'inherit',
    strict: 'ignore',
    trust: false,
    maxSize: 50,
    maxExpand: 500,
  })
  // Only what may be wider than the page scrolls, and only what scrolls is a stop for the keyboard.
  const stop = tex.length > 60 ? ' tabindex="0" role="group" aria-label="Formula"' : ''
  return displayMode ? `<span class="math"${stop}>${html}</span>` : html
}

/** Where the `$` that closes a formula is: not escaped, no space before it, no digit after it (so that $5 and $6 are prices). */
function closing(text: string, from: number): number {
  for (let at = text.indexOf('$', from); at >= 0; at = text.indexOf('$', at + 1)) {
    if (text[at - 1] === '\\') continue
    const fits = at > from && !/\s/.test(text[at - 1] ?? ' ') && !/\d/.test(text[at + 1] ?? '')
    return fits ? at : -1
  }
  return -1
}

function inline(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state
  if (src[pos] !== '$') return false
  const wide = src.startsWith('$$', pos)
  const start = pos + (wide ? 2 : 1)
  if (!wide && /\s/.test(src[start] ?? ' ')) return false
  const end = wide ? src.indexOf('$$', start) : closing(src, start)
  if (end <= start || end >= state.posMax) return false
  if (!silent) {
    const token = state.push(wide ? 'math_block' : 'math_inline', 'math', 0)
    token.content = src.slice(start, end)
  }
  state.pos = end + (wide ? 2 : 1)
  return true
}

function block(state: StateBlock, first: number, last: number, silent: boolean): boolean {
  const at = (line: number): number => (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0)
  const start = at(first)
  if (!state.src.startsWith('$$', start)) return false
  const end = state.src.indexOf('$$', start + 2)
  if (end < 0) return false
  let line = first
  while (line < last && (state.eMarks[line] ?? 0) < end + 2) line += 1
  if (line >= last || state.src.slice(end + 2, state.eMarks[line]).trim() !== '') return false
  if (silent) return true
  const token = state.push('math_block', 'math', 0)
  token.content = state.src.slice(start + 2, end)
  token.map = [first, line + 1]
  state.line = line + 1
  return true
}

/** Teaches markdown-it `$…$` and `$$…$$`, read as JupyterLab reads them. `show` gives the HTML of one formula. */
export function withMath(
  markdown: MarkdownIt,
  show: (tex: string, display: boolean) => string,
): void {
  markdown.inline.ruler.after('escape', 'math', inline)
  markdown.block.ruler.before('fence', 'math', block, { alt: ['paragraph', 'blockquote', 'list'] })
  markdown.renderer.rules.math_inline = (tokens, index) => show(tokens[index]?.content ?? '', false)
  markdown.renderer.rules.math_block = (tokens, index) => show(tokens[index]?.content ?? '', true)
}
