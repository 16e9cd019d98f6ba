import { type Compiled, compile, type Wrap } from './compile.js'
import type { SourcePlace } from './frame.js'

interface Cell extends Compiled {
  /** What the learner knows it by: `Cell 3`. */
  label: string
}

/** Every cell that ran, by the name that V8 has for it, so that a stack of any age can be told in TypeScript lines. */
const cells = new Map<string, Cell>()

export interface CellName {
  /** Unique; the execution count of a label is not (cells that are not stored share one). */
  id: number
  label: string
  /** The cell as it was typed, where its code is not all of it. */
  source?: string | undefined
}

export function compileCell(code: string, { id, label, source }: CellName, wrap?: Wrap): Cell {
  const cell = {
    ...compile(code, nameOf(id), wrap),
    label,
    ...(source !== undefined && { source }),
  }
  cells.set(nameOf(id), cell)
  return cell
}

export const nameOf = (id: number): string => `cell:${id}`

export const idOf = (name: string): number => Number(name.slice(name.indexOf(':') + 1))

/** V8's name for the script of a run: with the name by which a debugger knows all runs of a cell, also those to come. */
export const urlOf = (id: number, script?: string): string =>
  script === undefined ? nameOf(id) : `${nameOf(id)}/${script}`

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

/** Whether a cell has typed that name. */
export const isMentioned = (name: string): boolean =>
  [...cells.values()].some(({ source }) => source.includes(name))
