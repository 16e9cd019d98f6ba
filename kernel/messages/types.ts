import type { MimeBundle } from '../../src/host/types.js'
import type { Debugger } from '../debugger/debugger.js'
import type { Supervisor } from '../evaluator/supervisor.js'
import type { LanguageService } from '../language/service.js'
import type { Content } from '../wire/frames.js'
import type { Comms } from './comms.js'
import type { History } from './history.js'
import type { Subshells } from './subshells.js'

/** What handlers share: one kernel. */
export interface Kernel {
  evaluator: Supervisor
  debugger: Debugger
  history: History
  comms: Comms
  subshells: Subshells
  /** Without it the kernel works unchecked. */
  language: LanguageService | undefined
  /** What a type error does to its cell; a request's metadata `downhill.types` overrides it. */
  types: TypeErrors
  count: { value: number }
  /** Ends the process once everything said is sent. */
  shutdown(): void
}

export type TypeErrors = 'error' | 'warn' | 'off'

/** How the output of a run is shown. */
export interface Adoption {
  silent: boolean
  count: number
  /** Told what the value of the last expression looks like. */
  result?(data: MimeBundle): void
}

/** What a handler knows of the request it answers. */
export interface Context extends Kernel {
  metadata: Content
  buffers: Uint8Array[]
  /** Sends on iopub, as an effect of this request. */
  publish(type: string, content: Content): void
  /** From now on, output of run `id` of the evaluator belongs to this request. */
  adopt(id: number, options: Adoption): void
  /** Runs after the reply and idle are sent. */
  afterwards(work: () => void): void
}

/** Content in, content out: a handler knows no socket, no signature, no status. */
export interface Handler<Request, Reply> {
  request: string
  /** Type of the reply; a message without one (comms) is answered by its effects alone. */
  reply?: string
  handle(content: Request, context: Context): Reply | Promise<Reply>
}

export interface ErrorContent {
  status: 'error'
  ename: string
  evalue: string
  traceback: string[]
}
