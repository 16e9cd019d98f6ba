import type { INotebookContent } from '@jupyterlab/nbformat'
import { escapeHtml } from '../../src/host/escape.js'
import { pageCss, pageScript, plotly, type Script } from './assets.js'
import { cellHtml } from './cells.js'
import { katexCss } from './katex-css.js'
import { type Heading, Markdown } from './markdown.js'

export interface ExportOptions {
  /** The page's title where the notebook has no heading of the first level: its file name. */
  name?: string
  /** The language of the text (BCP 47). Default 'en'. */
  lang?: string
}

/** Nothing is fetched, nothing is run but the scripts named by their hashes, whatever the notebook holds. */
function policy(scripts: readonly Script[]): string {
  return [
    "default-src 'none'",
    "connect-src 'none'",
    `script-src ${scripts.map(({ hash }) => hash).join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

function contents(headings: readonly Heading[]): string {
  const shown = headings.filter(({ level }) => level === 2 || level === 3)
  if (shown.length < 2) return ''
  const items = shown.map(
    ({ level, text, id }) =>
      `<li${level === 3 ? ' class="deep"' : ''}><a href="#${encodeURIComponent(id)}">${escapeHtml(text)}</a></li>`,
  )
  return `<nav aria-labelledby="dh-contents"><h2 id="dh-contents">Contents</h2><ol>${items.join('')}</ol></nav>`
}

function languageOf({ metadata }: INotebookContent): string {
  const info = metadata?.language_info?.name ?? metadata?.kernelspec?.language
  return typeof info === 'string' && /^[\w-]+$/.test(info) ? info : 'typescript'
}

/**
 * A notebook as one HTML file that needs nothing else: text, formulas, code, outputs and figures, readable from a disk
 * without a network, with JavaScript switched off, and on paper.
 * The outputs are those stored in the notebook; nothing in it is trusted.
 */
export function exportNotebook(
  notebook: INotebookContent,
  { name = 'Notebook', lang = 'en' }: ExportOptions = {},
): string {
  const markdown = new Markdown()
  let figures = 0
  const language = languageOf(notebook)
  const onPlotly = () => {
    figures += 1
  }
  const body = notebook.cells
    .map((cell) => cellHtml(cell, { markdown, language, onPlotly }))
    .join('\n')

  const title = markdown.headings.find(({ level }) => level === 1)?.text ?? name
  const scripts = [pageScript(), ...(figures > 0 ? [plotly()] : [])]
  const [script, packed] = scripts
  const math = body.includes('class="katex"') ? katexCss(body) : ''
  const library =
    packed === undefined ? '' : `<script type="text/plain" id="dh-plotly">${packed.text}</script>\n`
  return `<!doctype html>
<html lang="${escapeHtml(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="downhill">
<title>${escapeHtml(title)}</title>
<style>${math}${pageCss()}</style>
</head>
<body>
<a class="skip" href="#dh-lesson">Skip to the lesson</a>
<header><p>${escapeHtml(name)}</p><button type="button" id="dh-theme" hidden></button></header>
${contents(markdown.headings)}
<main id="dh-lesson" tabindex="-1">
${body}
</main>
<footer><p>Made by downhill. This page is complete: it loads nothing.</p></footer>
${library}<script>${script?.text ?? ''}</script>
</body>
</html>
`
}
