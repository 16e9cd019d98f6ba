import type { ICell, IOutput } from '@jupyterlab/nbformat'
import { escapeHtml } from '../../src/host/escape.js'
import { highlight } from './code.js'
import { type OutputContext, outputsHtml } from './outputs.js'
import type { SanitizeOptions } from './sanitize.js'
import { joined } from './text.js'

/** Pictures pasted into a Markdown cell: `attachment:name.png` → the data kept in the cell. */
function attached(cell: ICell): SanitizeOptions {
  const all = (cell.attachments ?? {}) as Record<string, Record<string, unknown> | undefined>
  return {
    picture(source) {
      const bundle = all[decodeURIComponent(source.replace(/^attachment:/, ''))]
      if (!source.startsWith('attachment:') || bundle === undefined) return undefined
      const [type, data] = Object.entries(bundle)[0] ?? []
      return type && /^image\/(png|jpeg|gif|webp)$/.test(type)
        ? `data:${type};base64,${joined(data).replace(/\s/g, '')}`
        : undefined
    },
  }
}

/** Lessons link to each other's notebooks; their pages link to each other's pages. */
function pageLink(href: string): string {
  return href.replace(/^(?![a-z]+:)([^?#]+)\.ipynb(?=$|[?#])/i, '$1.html')
}

export interface CellContext extends OutputContext {
  /** The notebook's language, for colours: "typescript". */
  language: string
}

function codeCell(cell: ICell, source: string, context: CellContext): string {
  const outputs = Array.isArray(cell.outputs) ? (cell.outputs as IOutput[]) : []
  const shown = outputsHtml(outputs, context)
  if (source.trim() === '' && shown === '') return ''
  const count = typeof cell.execution_count === 'number' ? cell.execution_count : undefined
  const name = count === undefined ? 'Code' : `Code ${count}`
  const number =
    count === undefined ? '' : `<span class="number" aria-hidden="true">${count}</span>`
  const language = escapeHtml(context.language)
  const code = `<pre tabindex="0" role="group" aria-label="${name}"><code class="language-${language}">${highlight(source, context.language)}</code></pre>`
  const below = shown === '' ? '' : `<div class="outputs">${shown}</div>`
  return `<div class="cell code"${idOf(cell)}>${number}${code}${below}</div>`
}

/** The cell's id and its exercise, where a live page will find them. */
function idOf(cell: ICell): string {
  const grader = cell.metadata?.nbgrader as { grade_id?: unknown } | undefined
  const id = typeof cell.id === 'string' ? ` data-cell="${escapeHtml(cell.id)}"` : ''
  const grade = typeof grader?.grade_id === 'string' ? grader.grade_id : undefined
  return grade === undefined ? id : `${id} data-exercise="${escapeHtml(grade)}"`
}

/** Notebooks come from others, and the parsers of HTML, formulas and JSON have only so much stack. */
export function cellHtml(cell: ICell, context: CellContext): string {
  try {
    return shownCell(cell, context)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return `<div class="cell markdown"${idOf(cell)}><p class="note">This cell is nested too deeply for this page.</p></div>`
  }
}

function shownCell(cell: ICell, context: CellContext): string {
  const source = joined(cell.source)
  if (cell.cell_type === 'code') return codeCell(cell, source, context)
  if (cell.cell_type !== 'markdown') return ''
  const html = context.markdown.render(source, { ...attached(cell), link: pageLink })
  return `<div class="cell markdown"${idOf(cell)}>${html}</div>`
}
