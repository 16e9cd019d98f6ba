import { type Compiled, compile } from './compile.js'
import type { SourcePlace } from './frame.js'

/** Every cell that ran, by its number, so that a stack of any age can be told in TypeScript lines. */
const cells = new Map<string, Compiled>()

export function compileCell(name: string, source: string): Compiled {
  const compiled = compile(source, name)
  cells.set(name, compiled)
  return compiled
}

/** `cell:3` + a place in its JavaScript → the place that the learner typed. */
export function cellPlace(name: string, line: number, column: number): SourcePlace | undefined {
  return cells.get(name)?.original(line, column)
}

export const cellSource = (name: string): string | undefined => cells.get(name)?.source
