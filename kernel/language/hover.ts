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

/** A signature without the import that brings an earlier cell's name here: the learner never wrote it. */
export function signatureOf(text: string): string {
  return text
    .replace(/^\(alias\) /, '')
    .replace(/\nimport [\s\S]*$/, '')
    .trim()
}
