import { parseHTML } from 'linkedom'
import { escapeHtml } from '../../src/host/escape.js'

const words = (text: string): Set<string> => new Set(text.split(/\s+/))

/** Text, lists, tables, pictures: what may stand in a page. Everything else gives only its text. */
const htmlTags =
  words(`a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption
  figure h1 h2 h3 h4 h5 h6 hr i img ins kbd label li mark meter ol p pre progress q s samp small span strong sub summary
  sup table tbody td tfoot th thead time tr u ul var wbr`)
const svgTags = words('svg g path line polyline polygon rect circle ellipse text tspan title desc')
/** What is inside these is a program, a style or a form of its own, so it goes too. `title` is text in SVG only. */
const dropped =
  words(`script style iframe frame frameset object embed applet template noscript noembed noframes head
  link meta base math select textarea audio video canvas xmp plaintext`)
const empty = words('br col hr img wbr')

const htmlAttributes =
  words(`align alt aria-label colspan datetime dir headers height high lang low max min open optimum
  reversed role rowspan scope span start title type value width`)
const svgAttributes =
  words(`aria-hidden aria-label color cx cy d dx dy fill fill-opacity fill-rule font-family
  font-size font-style font-variant font-weight height opacity points r role rx ry stroke stroke-dasharray stroke-linecap
  stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor transform viewBox width x x1 x2 y y1 y2 xmlns`)

export interface Sanitized {
  html: string
  /** What a reader misses, in words: "a script", "the picture https://…". */
  left: string[]
}

export interface SanitizeOptions {
  /** Keeps `id` and classes of code, which only our own Markdown writes. Default false. */
  own?: boolean
  /** Turns a link into the one the page shall have, or `undefined` to keep only its text. Default: http(s), mailto, # and relative. */
  link?(href: string): string | undefined
  /** Answers a picture's source with a data: URI, where one is known. */
  picture?(source: string): string | undefined
}

/** A link that a page may have: nothing that runs (javascript:, data:), nothing the reader's machine answers (file:). */
export function safeLink(href: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers skip these inside a scheme, so we do
  const bare = href.replace(/[\u0000-\u0020]/g, '')
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(bare)?.[1]?.toLowerCase()
  if (scheme === undefined) return bare.startsWith('//') ? undefined : href
  return ['http', 'https', 'mailto'].includes(scheme) ? href : undefined
}

const dataPicture = /^data:image\/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*$/

/**
 * HTML that somebody else wrote, as HTML that can only be read. Nothing is copied: the tree is written anew from the
 * lists above, all text and values escaped, so that no second parser can find in it what the first one did not see.
 * The page's Content-Security-Policy forbids the same things once more.
 */
export function sanitize(html: string, options: SanitizeOptions = {}): Sanitized {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const box = document.createElement('div')
  box.innerHTML = html
  const left: string[] = []

  const attribute = (tag: string, name: string, value: string, svg: boolean): string => {
    const keep = ` ${name}="${escapeHtml(value)}"`
    // `paper` is the background of our own figures, which the page gives its colour.
    if (svg && name === 'class') return value === 'paper' ? keep : ''
    if (svg) return svgAttributes.has(name) && !/url\s*\(/i.test(value) ? keep : ''
    if (options.own && name === 'id' && !value.startsWith('dh-')) return keep
    if (options.own && name === 'class' && /^(hljs|language-)[\w -]*$/.test(value)) return keep
    if (name === 'style') {
      const align = /^\s*text-align:\s*(left|right|center)\s*;?\s*$/.exec(value)?.[1]
      return align && /^t[dh]$/.test(tag) ? ` style="text-align:${align}"` : ''
    }
    if (tag === 'a' && name === 'href') {
      const href = safeLink(value) === undefined ? undefined : (options.link ?? safeLink)(value)
      return href === undefined ? '' : ` href="${escapeHtml(href)}" rel="noopener noreferrer"`
    }
    return htmlAttributes.has(name) ? keep : ''
  }

  const picture = (element: Element): string => {
    const source = element.getAttribute('src') ?? ''
    const alt = element.getAttribute('alt') ?? ''
    const data = dataPicture.test(source) ? source : options.picture?.(source)
    if (data !== undefined) return `<img src="${escapeHtml(data)}" alt="${escapeHtml(alt)}">`
    left.push(`the picture ${source.slice(0, 200)}`)
    const what = alt === '' ? source.slice(0, 200) : `${alt} (${source.slice(0, 200)})`
    return `<em>[picture not in this page: ${escapeHtml(what)}]</em>`
  }

  const write = (node: Node, inSvg: boolean): string => {
    if (node.nodeType === 3) return escapeHtml(node.textContent ?? '')
    if (node.nodeType !== 1) return ''
    const element = node as Element
    const tag = element.localName.toLowerCase()
    if (dropped.has(tag) || (tag === 'title' && !inSvg)) {
      left.push(tag === 'script' ? 'a script' : `<${tag}>`)
      return ''
    }
    if (tag === 'img') return picture(element)
    const svg = inSvg || tag === 'svg'
    const inner = [...element.childNodes].map((child) => write(child, svg)).join('')
    if (!(svg ? svgTags : htmlTags).has(tag)) return inner
    const attributes = [...element.attributes]
      .map(({ name, value }) => attribute(tag, name, value, svg))
      .join('')
    return empty.has(tag) ? `<${tag}${attributes}>` : `<${tag}${attributes}>${inner}</${tag}>`
  }

  const body = [...box.childNodes].map((child) => write(child, false)).join('')
  return { html: body, left: [...new Set(left)] }
}
