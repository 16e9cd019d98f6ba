import type { MimeBundle } from '../../../src/host/types.js'
import type { MagicRequest } from '../protocol.js'

/** The value of the code's last expression, in a box. */
export type Last = { value: unknown } | undefined

/** What a magic can do with the cell that it stands in. */
export interface MagicRun extends MagicRequest {
  /** Compiles the magic's code, `wrap` around it on lines of their own; what comes back runs it. */
  compile(wrap?: { before: string; after: string }): () => Promise<Last>
  code: string
  /** Aborted when the cell is interrupted. */
  signal: AbortSignal
  /** What to do when the cell was interrupted, once no termination can end it half-way. */
  onStop(work: () => void): void
  print(text: string): void
  display(data: MimeBundle): void
}

/** What it leaves: a value is the cell's result, a payload goes to the client (messaging.html#payloads-deprecated). */
export type Magic = (run: MagicRun) => Promise<{ last?: Last; payload?: object[] } | undefined>

/** Written wrongly; the message is all that is to say. */
export class UsageError extends Error {
  override name = 'UsageError'

  constructor(message: string) {
    super(message)
    this.stack = `${this.name}: ${message}`
  }
}
