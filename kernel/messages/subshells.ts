import { randomUUID } from 'node:crypto'
import type { Message } from '../wire/frames.js'
import type { Handler } from './types.js'

/** Shell requests that wait for each other. */
export interface Queue {
  waiting: Message[]
  /** While it works: the end of that. */
  runs?: Promise<void> | undefined
}

/** The queues of a kernel: the main shell's, and one a subshell. Spec: JEP 91, messaging.html#kernel-subshells */
export class Subshells {
  readonly #queues = new Map<string, Queue>()
  readonly main: Queue = { waiting: [] }

  /** Undefined if there is no such subshell. */
  queueOf({ header }: Message): Queue | undefined {
    return header.subshell_id ? this.#queues.get(header.subshell_id) : this.main
  }

  create(): string {
    const id = randomUUID()
    this.#queues.set(id, { waiting: [] })
    return id
  }

  /** What waits in it still runs. */
  delete(id: string): void {
    if (!this.#queues.delete(id)) throw noSubshell(id)
  }

  list(): string[] {
    return [...this.#queues.keys()]
  }
}

export const noSubshell = (id: unknown): RangeError =>
  new RangeError(`kernel: there is no subshell ${id}; create_subshell_request makes one`)

export const createSubshell: Handler<object, object> = {
  request: 'create_subshell_request',
  reply: 'create_subshell_reply',
  handle: (_content, { subshells }) => ({ status: 'ok', subshell_id: subshells.create() }),
}

export const deleteSubshell: Handler<{ subshell_id: string }, object> = {
  request: 'delete_subshell_request',
  reply: 'delete_subshell_reply',
  handle({ subshell_id }, { subshells }) {
    subshells.delete(subshell_id)
    return { status: 'ok' }
  },
}

export const listSubshells: Handler<object, object> = {
  request: 'list_subshell_request',
  reply: 'list_subshell_reply',
  handle: (_content, { subshells }) => ({ status: 'ok', subshell_id: subshells.list() }),
}
