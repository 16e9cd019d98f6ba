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

/** A step that was asked for, until it stops somewhere. */
export interface Step {
  /** V8's name of it. */
  method: string
  /** The run in which it was made. */
  run: number
  /** Where it began. */
  from: { path: string; line: number; depth: number }
  /** How often it may still stop in the line it began in. */
  left: number
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
  /** Whether an expression of the client ran in this pause, and may have changed what V8 told of it. */
  touched: boolean
  stepping: Step | undefined
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

export function frameIn(frameId: unknown, { paused }: Session): Frame {
  const frame = paused?.find(({ id }) => id === frameId)
  if (!frame)
    throw new RangeError(`debugger: there is no frame ${frameId} now; stop somewhere first`)
  return frame
}
