import { escapeHtml } from '../host/escape.js'
import { type Displayable, displaySymbol, inspectSymbol, type MimeBundle } from '../host/types.js'
import type { CheckResult, ExerciseResult } from './types.js'

/** The value of a check cell. As `text/plain` the bare number of points, which is what nbgrader adds up; as HTML the table. */
export class CheckReport implements ExerciseResult, Displayable {
  readonly id: string
  readonly points: number
  readonly max: number
  readonly checks: readonly CheckResult[]
  readonly note: string | undefined

  constructor({ id, points, max, checks, note }: ExerciseResult) {
    this.id = id
    this.points = points
    this.max = max
    this.checks = checks
    this.note = note
  }

  /** The table; as text/plain the bare number of points. */
  [displaySymbol](): MimeBundle {
    return { 'text/plain': String(this.points), 'text/html': checksHtml(this) }
  }

  /** @internal A console shows the table as text. */
  [inspectSymbol](): string {
    return checksText(this)
  }
}

const verdictOf = ({ ok }: CheckResult): string => (ok ? '✓ ok' : '✗ not yet')

/** JupyterLab sets tables to the right, as numbers want it; these are sentences. */
const left = 'style="text-align:left"'

/** The result as an accessible table: words beside the signs, no colour, everything of the learner's escaped. */
function checksHtml({ id, points, max, checks, note }: ExerciseResult): string {
  const head = ['Check', 'Result', 'Points', 'Expected', 'Got', 'Rule and hint']
  const rows = checks.map((row) => {
    // Closed: who has not tried yet, or wants to find it alone, must not have read the hint by accident.
    const advice =
      row.ok || row.hint === undefined
        ? ''
        : `<details><summary>Hint</summary>${escapeHtml(row.hint)}</details>`
    const cells = [
      verdictOf(row),
      `${row.points} of ${row.max}`,
      `<code>${escapeHtml(row.expected)}</code>`,
      `<code>${escapeHtml(row.got)}</code>`,
      `${escapeHtml(row.rule)}${advice}`,
    ]
    const tds = cells.map((cell) => `<td ${left}>${cell}</td>`).join('')
    return `<tr><th scope="row" ${left}>${escapeHtml(row.name)}</th>${tds}</tr>`
  })
  const heads = head.map((name) => `<th scope="col" ${left}>${name}</th>`).join('')
  const caption = `${escapeHtml(id)}: ${points} of ${max} points`
  const before = note === undefined ? '' : `<p><strong>Note.</strong> ${escapeHtml(note)}</p>`
  return `${before}<table><caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

/** The result as text, for a console. */
function checksText({ id, points, max, checks, note }: ExerciseResult): string {
  const lines = checks.flatMap((row) => {
    const head = `  ${verdictOf(row)}  ${row.name} (${row.points} of ${row.max})  ${row.rule}`
    if (row.ok) return [head]
    const advice = row.hint === undefined ? [] : [`      hint: ${row.hint}`]
    return [head, `      expected ${row.expected}`, `      got      ${row.got}`, ...advice]
  })
  const before = note === undefined ? [] : [`note: ${note}`]
  return [...before, `${id}: ${points} of ${max} points`, ...lines].join('\n')
}
