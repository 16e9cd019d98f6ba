import type { Position } from './lsp.js'

// Jupyter counts code points, LSP and JavaScript count UTF-16 units: they part at the first 😀.

/** Jupyter's cursor_pos (code points) → offset in a JavaScript string. Past the end is the end. */
export function fromCodePoints(code: string, codePoints: number): number {
  let offset = 0
  for (let left = codePoints; left > 0 && offset < code.length; left--)
    offset += code.codePointAt(offset)! > 0xffff ? 2 : 1
  return offset
}

/** Offset in a JavaScript string → Jupyter's code points. */
export function toCodePoints(code: string, offset: number): number {
  let codePoints = 0
  for (let at = 0; at < offset && at < code.length; codePoints++)
    at += code.codePointAt(at)! > 0xffff ? 2 : 1
  return codePoints
}

/** Offset → 0-based line and UTF-16 column. */
export function positionAt(code: string, offset: number): Position {
  const before = code.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length - 1, character: offset - lineStart }
}
