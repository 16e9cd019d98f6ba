import type { MimeBundle } from '../../src/host/types.js'

/** What the two processes say to each other: JSON lines. fd 3: requests; fd 4: control; fd 5: events. */

/** A MIME bundle as JSON. */
export type JsonBytes = Uint8Array

export interface Failure {
  ename: string
  evalue: string
  traceback: string[]
}

/** One entry of execute_reply's user_expressions. */
export type ExpressionValue =
  | { status: 'ok'; data: MimeBundle; metadata: Record<string, unknown> }
  | ({ status: 'error' } & Failure)

/** `%name args`, and for `%%name` the lines below. */
export interface MagicRequest {
  name: string
  args: string
  body: string
}

export interface RunRequest {
  type: 'run'
  id: number
  code: string
  /** The cell as it was typed, for the lines that an error shows; `code` where there are no magics. */
  source?: string
  /** Runs in place of the code, and may run the code itself. */
  magic?: MagicRequest
  /** What debuggers call its script by: the hash of the cell as it was typed, and which of its steps this is. */
  script?: string
  /** The number in tracebacks: `Cell 3:4:11`. */
  count: number
  expressions: Record<string, string>
  allowInput: boolean
}

/** A message on a comm, in either direction; buffers are base64. */
interface CommContent {
  message: 'open' | 'msg' | 'close'
  comm: string
  target: string
  data: Record<string, unknown>
  metadata: Record<string, unknown>
  buffers: string[]
}

/** From the page. It does not wait for the cell that runs, and is answered by `handled`. */
export type CommRequest = { type: 'comm'; id: number } & CommContent

export type EvaluatorRequest =
  | RunRequest
  | CommRequest
  | { type: 'inspect'; id: number; code: string; cursor: number; detail: number }
  | { type: 'complete'; id: number; code: string; cursor: number; keys?: boolean }
  /** Cell `count`, which declares `names`, was refused before it came here; it did not find `unknown`. */
  | { type: 'refused'; id: number; names: string[]; unknown: string[]; count: number }

/** `id` of an interrupt: numbered with the requests, of which it ends all before it. */
export type ControlRequest =
  | { type: 'interrupt'; id: number }
  | { type: 'input'; value: string }
  /** A message of V8's own debugging protocol; the answers and events come back on the same pipe. */
  | { type: 'debug'; message: DebugCall }

export interface DebugCall {
  id: number
  method: string
  params: object
}

export interface RunAnswer {
  type: 'run'
  error?: Failure
  expressions: Record<string, ExpressionValue>
  /** What a magic has for the client: messaging.html#payloads-deprecated */
  payload?: object[]
}

export interface CompleteAnswer {
  type: 'complete'
  matches: string[]
  start: number
  end: number
}

export interface InspectAnswer {
  type: 'inspect'
  data?: MimeBundle
  /** It is a function or a class. */
  callable?: boolean
}

/** A name, and the cell that was to make it and was refused. */
export interface Refusal {
  name: string
  cell: number
}

export interface RefusedAnswer {
  type: 'refused'
  /** Those of the names that have a value already. */
  kept: string[]
  /** Of the unknown names those that another refused cell was to make. */
  awaited: Refusal[]
}

export type Answer = RunAnswer | InspectAnswer | CompleteAnswer | RefusedAnswer

/** `cell`: id of the run or comm request that caused the event, also when it is over. */
export type OutputEvent<Shown = JsonBytes> =
  | { type: 'stream'; cell: number; name: 'stdout' | 'stderr'; text: string }
  | { type: 'display'; cell: number; data: Shown; id?: string; update?: boolean }
  | { type: 'result'; cell: number; data: MimeBundle }
  | { type: 'clear'; cell: number; wait: boolean }
  | { type: 'late'; cell: number; error: Failure }
  | { type: 'input'; cell: number; prompt: string; password: boolean }
  | ({ type: 'comm'; cell: number } & CommContent)

export type CommEvent = Extract<OutputEvent, { type: 'comm' }>

export type EvaluatorEvent<Shown = JsonBytes> =
  | OutputEvent<Shown>
  | { type: 'ready' }
  /** From now on a page may open comms to this target. */
  | { type: 'target'; name: string }
  /** Every handler of comm request `id` was called. */
  | { type: 'handled'; id: number }
  /** Interrupt `id` has done its work: the main thread is free, and what is sent from now on cannot be hit. */
  | { type: 'interrupted'; id: number }
  | { type: 'done'; id: number; answer: Answer }

/**
 * An event as it is sent: `after` names the mark that was written to fd 1 and 2 before it. The data of a `display` follow
 * on a line of their own, which is passed on as it is: a figure of 5 MB is written as JSON once, and never parsed.
 */
export type SentEvent = EvaluatorEvent & { after?: number }

export const markStart = (token: string): string => `\u0000${token}:`

/** Written to fd 1 and 2 before an event, where native output may stand between it and the one before. */
export const nativeMark = (token: string, mark: number): string => `${markStart(token)}${mark};`
