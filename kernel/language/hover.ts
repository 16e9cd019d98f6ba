import type { LspHover } from './lsp.js'
import type { Hover } from './service.js'

/** Splits the server's Markdown into the signature (its first code block) and the documentation below it. */
export function hoverOf(answer: LspHover | null): Hover | undefined {
  if (!answer) return undefined
  const { value } = answer.contents
  const block = /^```\w*\n([\s\S]*?)\n```\n?/.exec(value)
  if (!block) return { signature: '', documentation: value.trim() }
  return { signature: signatureOf(block[1]!), documentation: value.slice(block[0].length).trim() }
}

/** A signature without what the learner never wrote: the import of an earlier cell's name, `import("…").` before types. */
export function signatureOf(text: string): string {
  return plainTypes(text)
    .replace(/^\(alias\) /, '')
    .replace(/\nimport [\s\S]*$/, '')
    .trim()
}

/** `import("/home/me/.tsnb-3").Color` → `Color`. */
export const plainTypes = (text: string): string => text.replace(/\bimport\("[^"\n]*"\)\./g, '')

/** Markdown joins lines. Those that are indented or set in columns, as formulas are, stay lines of their own. */
export function keepLines(documentation: string): string {
  const set = (line = '') => /^ |\S {2,}\S/.test(line)
  let fenced = false
  const lines = documentation.split('\n')
  return lines
    .map((line, at) => {
      if (line.startsWith('```')) fenced = !fenced
      const next = lines[at + 1]
      const breaks = !fenced && line !== '' && Boolean(next) && (set(line) || set(next))
      return breaks ? `${line}  ` : line
    })
    .join('\n')
}
