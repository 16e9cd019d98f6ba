import { escapeHtml as html } from '../../src/host/escape.js'
import type { ExerciseGrade, Grade, GradedCheck } from './grade.js'

const style = `
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
caption { text-align: left; font-weight: bold; padding: 0.3rem 0 }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid #8888 }
td.points { white-space: nowrap }
code { overflow-wrap: anywhere }
@media screen and (max-width: 40rem) {
  thead { display: none }
  table, caption, tbody, tr, th, td { display: block; border: 0; padding: 0 }
  tr { padding: 0.6rem 0; border-bottom: 1px solid #8888 }
  td[data-label]::before { content: attr(data-label) ': ' }
}
`.trim()

/** A student's feedback as one page that loads nothing. */
export function feedbackPage(grade: Grade, title: string): string {
  const { student, points, max, exercises, cells, flags } = grade
  const head = `${html(title)}: ${points} of ${max} points`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html(student)}, ${head}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${head}</h1>
<p>Feedback for ${html(student)}. Each check that is passed earns its points. Checks marked <em>hidden</em> call your
functions with numbers that are drawn anew each time; you see which rule they test, but not the numbers.</p>
${list('To know', flags)}
${exercises.map(table).join('\n')}
${list(
  'Cells that did not run to their end',
  cells.map(({ cell, what }) => `Cell ${cell}: ${what}`),
)}
</main>
</body>
</html>
`
}

function list(title: string, lines: string[]): string {
  if (lines.length === 0) return ''
  return `<h2>${html(title)}</h2>\n<ul>\n${lines.map((line) => `<li>${html(line)}</li>`).join('\n')}\n</ul>`
}

function table({ id, points, max, checks }: ExerciseGrade): string {
  const heads = ['Check', 'Result', 'Points', 'Expected', 'Got', 'Rule and hint']
  return `<h2>${html(id)}</h2>
<table>
<caption>${html(id)}: ${points} of ${max} points</caption>
<thead><tr>${heads.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>
${checks.map(row).join('\n')}
</tbody>
</table>`
}

/**
 * A hidden check tells its rule, hint and points. What it expected and got stays with the teacher, unless the check itself says
 * that it may be read: an error message of the learner's making could carry the inputs out.
 */
function row(check: GradedCheck): string {
  const { name, hidden, open, ok, points, max, expected, got, rule, hint } = check
  const shown = (text: string) =>
    hidden && !open ? '<em>hidden</em>' : `<code>${html(text)}</code>`
  const advice = ok || hint === undefined ? '' : `<br>Hint: ${html(hint)}`
  return `<tr><th scope="row">${html(name)}</th><td>${ok ? '✓ passed' : '✗ not passed'}</td><td class="points">${points} of ${max}</td><td data-label="Expected">${shown(expected)}</td><td data-label="Got">${shown(got)}</td><td>${html(rule)}${advice}</td></tr>`
}
