import type { Debugger } from 'node:inspector'
import type { Breakpoints } from './breakpoints.js'
import type { Cells } from './cells.js'
import type { Inspector } from './inspector.js'
import type { Variables } from './variables.js'

/** A frame of the learner's code while it is paused. */
export interface Frame {
  id: number
  name: string
  line: number
  column: number
  source: { name: string; path: string }
  frame: Debugger.CallFrame
}

/** What the commands of one debugging session share. */
export interface Session {
  inspector: Inspector
  cells: Cells
  breakpoints: Breakpoints
  variables: Variables
  attached: boolean
  /** The frames, innermost first, while paused. */
  paused: Frame[] | undefined
  /** The run in which the last step was made, until it stops somewhere. */
  stepping: number | undefined
  /** V8's scripts: id → URL. */
  scripts: Map<string, string>
  /** DAP event to all clients. */
  event(name: string, body: object): void
  attach(): Promise<void>
  detach(): Promise<void>
}

/** The arguments of a DAP request: they come from the wire, so nothing about them is certain. */
export type Arguments = Record<string, unknown>

/** Arguments in, body of the response out; throws to refuse. */
export type Command = (args: Arguments, session: Session) => object | undefined | Promise<object>

/** JavaScript has one thread. */
export const threadId = 1

/** The source of a request, as a path. */
export const pathIn = (args: Arguments): string =>
  String((args.source as { path?: unknown } | undefined)?.path ?? '')
