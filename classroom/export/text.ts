import { escapeHtml } from '../../src/host/escape.js'

/** Colours and cursor movements of a terminal (ECMA-48), which a page has no use for. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are made of
const control = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g

/** Text as a terminal would leave it standing: no escape sequences, and of a line written over itself the last version. */
export function plain(text: string): string {
  return (
    text
      .replace(control, '')
      .replace(/\r+\n/g, '\n')
      .split('\n')
      .map((line) => (line.includes('\r') ? (line.split('\r').filter(Boolean).at(-1) ?? '') : line))
      .join('\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: HTML forbids them, tab and newline apart
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
  )
}

/** nbformat writes text as one string or as lines. */
export function joined(text: unknown): string {
  return Array.isArray(text) ? text.join('') : typeof text === 'string' ? text : ''
}

/** Longer texts are folded: the lesson stays readable, and nothing is lost. */
const long = 40

/** A block of text that scrolls sideways, reachable by keyboard. */
export function textBlock(text: string, label: string): string {
  const shown = plain(text).replace(/\n+$/, '')
  if (shown === '') return ''
  const lines = shown.split('\n').length
  const pre = `<pre tabindex="0" role="group" aria-label="${escapeHtml(label)}">${escapeHtml(shown)}</pre>`
  if (lines <= long) return pre
  return `<details class="long"><summary>${escapeHtml(label)}: ${lines} lines</summary>${pre}</details>`
}
