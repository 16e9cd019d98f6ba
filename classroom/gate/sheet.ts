import { join } from 'node:path'
import type { ICell } from '@jupyterlab/nbformat'
import type { NotebookEntry } from '../../lessons/manifest.js'
import { escapeHtml } from '../../src/host/escape.js'
import { pageCss } from '../export/assets.js'
import { exportNotebook, writePage } from '../export/index.js'
import { isLesson } from '../notebook/index.js'
import { altOf, type Shown } from './figures.js'

/** The figures that one notebook drew. */
export interface Drawn {
  entry: NotebookEntry
  figures: readonly Shown[]
}

/** With the colours of exported pages; on paper they are the light ones, in grey. */
const css = `
body { display: block; max-width: none; padding: 1rem }
.looks { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1rem }
.looks > div { padding: 0.5rem; background: var(--paper); color-scheme: light }
.looks > .dark { color-scheme: dark }
.looks > .grey { filter: grayscale(1) }
article p { margin: 0.3rem 0; font-size: 0.85rem }
`

/**
 * The contact sheet: every figure that the notebooks drew, in `index.html` as pages have it in light, in dark and printed in grey,
 * and in `live.html` as Plotly draws it. For the eyes of whoever made one.
 */
export async function writeSheet(folder: string, drawn: readonly Drawn[]): Promise<void> {
  const all = drawn.flatMap(({ entry, figures }) => figures.map((shown) => ({ entry, shown })))
  const body = all.map(({ entry, shown }) => {
    const look = (name: string) =>
      `<div class="plot ${name}"><div class="still">${shown.svg}</div></div>`
    const looks = ['light', 'dark', 'grey'].map(look).join('')
    return `<article id="${entry.id}-${escapeHtml(shown.id)}"><h2>${escapeHtml(shown.title)}</h2>
<p>${escapeHtml(placeOf(entry, shown))}</p>
<p>${escapeHtml(altOf(shown))}</p>
<div class="looks">${looks}</div></article>`
  })
  const head = `<meta charset="utf-8"><title>Contact sheet</title><style>${pageCss()}${css}</style>`
  const title = `<h1>${all.length} figures</h1><p><a href="live.html">As Plotly draws them</a></p>`
  const html = `<!doctype html>\n<html lang="en"><head>${head}</head><body>${title}\n${body.join('\n')}</body></html>\n`
  await writePage(join(folder, 'index.html'), html)
  const cells = all.map(
    ({ entry, shown }): ICell => ({
      cell_type: 'code',
      id: `${entry.id}-${shown.id}`,
      metadata: {},
      source: `// ${placeOf(entry, shown)}`,
      outputs: [{ output_type: 'display_data', data: shown.bundle, metadata: {} }],
      execution_count: null,
    }),
  )
  const live = { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }
  await writePage(join(folder, 'live.html'), exportNotebook(live, { name: 'Contact sheet, live' }))
}

const placeOf = (entry: NotebookEntry, { cell, id }: Shown): string =>
  `${isLesson(entry) ? `lesson ${entry.id}` : entry.id} ${entry.title}: cell ${cell}, ${id}`
