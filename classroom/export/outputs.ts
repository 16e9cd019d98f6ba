import type { IOutput } from '@jupyterlab/nbformat'
import { escapeHtml } from '../../src/host/escape.js'
import { plotlyFigure } from './figures.js'
import type { Markdown } from './markdown.js'
import { formula } from './math.js'
import { sanitize } from './sanitize.js'
import { joined, plain, textBlock } from './text.js'

type Bundle = Readonly<Record<string, unknown>>

export interface OutputContext {
  markdown: Markdown
  /** Called for each figure that Plotly will draw. */
  onPlotly(): void
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

function pictureTag(type: string, data: string, alt: string): string {
  const source = `data:${type};base64,${data.replace(/\s/g, '')}`
  return sanitize(`<img src="${source}" alt="${escapeHtml(alt)}">`).html
}

/** A picture on its own is an <img>: whatever is in it cannot run, load or meet the page's ids. */
function svgPicture(svg: string): string {
  const label =
    /\saria-label="([^"]*)"/.exec(svg)?.[1] ?? /<title>([^<]*)</.exec(svg)?.[1] ?? 'Picture'
  return `<img src="data:image/svg+xml;base64,${base64(svg)}" alt="${label.replace(/</g, '&lt;')}">`
}

/** Tables may be wider than the page, so this scrolls and is a stop for the keyboard. */
function rich(html: string): string {
  const stop = html.includes('<table') ? ' tabindex="0" role="group" aria-label="Table"' : ''
  return `<div class="rich"${stop}>${html}</div>`
}

function htmlOutput(html: string): string | undefined {
  const { html: safe, left } = sanitize(html)
  const programs = left.filter(
    (what) => what === 'a script' || /^<(iframe|object|embed)>$/.test(what),
  )
  if (programs.length === 0) return safe.trim() === '' ? undefined : rich(safe)
  return rich(
    `${safe}<p class="note">Left out of this page: ${escapeHtml(programs.join(', '))}.</p>`,
  )
}

function pixels(type: string) {
  return (bundle: Bundle): string => pictureTag(type, joined(bundle[type]), 'Picture')
}

/** MIME types that a page shows, the best first; the first that gives something wins. */
const shows: Readonly<
  Record<string, (bundle: Bundle, context: OutputContext) => string | undefined>
> = {
  'application/vnd.plotly.v1+json': (bundle, { onPlotly }) => plotlyFigure(bundle, onPlotly),
  'text/html': (bundle) => htmlOutput(joined(bundle['text/html'])),
  'image/svg+xml': (bundle) => svgPicture(joined(bundle['image/svg+xml'])),
  'image/png': pixels('image/png'),
  'image/jpeg': pixels('image/jpeg'),
  'image/gif': pixels('image/gif'),
  'image/webp': pixels('image/webp'),
  'text/markdown': (bundle, { markdown }) => rich(markdown.render(joined(bundle['text/markdown']))),
  'text/latex': (bundle) =>
    formula(
      joined(bundle['text/latex'])
        .trim()
        .replace(/^\$+|\$+$/g, ''),
      true,
    ),
  'application/json': (bundle) =>
    textBlock(JSON.stringify(bundle['application/json'], null, 2), 'JSON'),
  'text/plain': (bundle) => textBlock(joined(bundle['text/plain']), 'Result'),
}

function bundleOutput(bundle: Bundle, context: OutputContext): string {
  for (const [type, show] of Object.entries(shows)) {
    if (bundle[type] === undefined) continue
    const html = show(bundle, context)
    if (html) return html
  }
  const types = Object.keys(bundle).join(', ')
  return types === '' ? '' : `<p class="note">This page cannot show ${escapeHtml(types)}.</p>`
}

function errorOutput({ ename, evalue, traceback }: IOutput): string {
  const name = plain(joined(ename) || 'Error')
  const trace = textBlock(joined(Array.isArray(traceback) ? traceback.join('\n') : ''), 'Traceback')
  const message = plain(joined(evalue))
  return `<div class="error"><p><strong>Error</strong> <code>${escapeHtml(name)}</code>: ${escapeHtml(message)}</p>${trace}</div>`
}

/** The outputs of one cell. Pieces of one stream that follow each other are one text. */
export function outputsHtml(outputs: readonly IOutput[], context: OutputContext): string {
  const parts: string[] = []
  for (let at = 0; at < outputs.length; at++) {
    const output = outputs[at]!
    if (output.output_type === 'stream') {
      let text = joined(output.text)
      while (outputs[at + 1]?.output_type === 'stream' && outputs[at + 1]?.name === output.name) {
        at += 1
        text += joined(outputs[at]?.text)
      }
      const error = output.name === 'stderr'
      const block = textBlock(text, error ? 'Printed to stderr' : 'Printed')
      if (block) parts.push(`<div class="${error ? 'stderr' : 'stdout'}">${block}</div>`)
    } else if (output.output_type === 'error') {
      parts.push(errorOutput(output))
    } else if (typeof output.data === 'object' && output.data !== null) {
      parts.push(bundleOutput(output.data as Bundle, context))
    }
  }
  return parts.join('')
}
