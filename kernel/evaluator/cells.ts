import { type Compiled, compile } from './compile.js'
import type { SourcePlace } from './frame.js'

interface Cell extends Compiled {
  /** What the learner knows it by: `Cell 3`. */
  label: string
}

/** Every cell that ran, by the name that V8 has for it, so that a stack of any age can be told in TypeScript lines. */
const cells = new Map<string, Cell>()

/** `id` is unique; the execution count of a label is not (cells that are not stored share one). */
export function compileCell(source: string, { id, label }: { id: number; label: string }): Cell {
  const cell = { ...compile(source, nameOf(id)), label }
  cells.set(nameOf(id), cell)
  return cell
}

export const nameOf = (id: number): string => `cell:${id}`

/** A place in a cell's JavaScript → the label and place that the learner knows. */
export function cellPlace(
  name: string,
  line: number,
  column: number,
): { label: string; place: SourcePlace | undefined } | undefined {
  const cell = cells.get(name)
  return cell && { label: cell.label, place: cell.original(line, column) }
}

/** The source of the newest cell with that label. */
export const labelledSource = (label: string): string | undefined =>
  [...cells.values()].findLast((cell) => cell.label === label)?.source
