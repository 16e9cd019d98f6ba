import type { Message } from '../wire/frames.js'
import type { Handler } from './types.js'

/** What the protocol process knows of comms: which are open, and which targets a page may open. The rest is the evaluator's. */
export class Comms {
  /** Comm id → its target. */
  readonly #open = new Map<string, string>()
  readonly #targets = new Set<string>()

  /** The evaluator awaits comms to this target. */
  register(target: string): void {
    this.#targets.add(target)
  }

  said(message: 'open' | 'msg' | 'close', id: string, target = ''): void {
    if (message === 'open') this.#open.set(id, target)
    else if (message === 'close') this.#open.delete(id)
  }

  has(id: unknown): boolean {
    return typeof id === 'string' && this.#open.has(id)
  }

  awaits(target: unknown): boolean {
    return typeof target === 'string' && this.#targets.has(target)
  }

  /** Id → target of those open, or of those to one target. */
  list(target?: string): Record<string, { target_name: string }> {
    const found = [...this.#open].filter(([, name]) => target === undefined || name === target)
    return Object.fromEntries(found.map(([id, name]) => [id, { target_name: name }]))
  }

  /** The evaluator is gone, and both ends of its comms with it. */
  clear(): string[] {
    const ids = [...this.#open.keys()]
    this.#open.clear()
    this.#targets.clear()
    return ids
  }

  /**
   * Whether a message need not wait for the cells before it, which may be waiting for it: the other end is known, and
   * nothing earlier on the same comm waits.
   */
  passes({ header, content }: Message, waiting: readonly Message[]): boolean {
    const { comm_id, target_name } = content
    if (waiting.some((earlier) => earlier.content.comm_id === comm_id)) return false
    if (header.msg_type === 'comm_open') return this.awaits(target_name)
    return /^comm_(msg|close)$/.test(header.msg_type) && this.has(comm_id)
  }
}

/** The comms that are open. Spec: messaging.html#comm-info */
export const commInfo: Handler<{ target_name?: string | null }, object> = {
  request: 'comm_info_request',
  reply: 'comm_info_reply',
  handle: ({ target_name }, { comms }) => ({
    status: 'ok',
    comms: comms.list(target_name ?? undefined),
  }),
}

interface CommContent {
  comm_id?: unknown
  target_name?: unknown
  data?: Record<string, unknown>
}

/**
 * The page opens a comm. One to an unknown target is closed at once, so that the page does not wait.
 * Spec: messaging.html#opening-a-comm
 */
export const commOpen: Handler<CommContent, void> = forward('open')
export const commMessage: Handler<CommContent, void> = forward('msg')
export const commClose: Handler<CommContent, void> = forward('close')

function forward(message: 'open' | 'msg' | 'close'): Handler<CommContent, void> {
  return {
    request: `comm_${message}`,
    async handle({ comm_id, target_name, data = {} }, context) {
      const { comms, evaluator, metadata, adopt, publish, count } = context
      if (message === 'open' && !comms.awaits(target_name))
        publish('comm_close', { comm_id, data: {} })
      if (message === 'open' ? !comms.awaits(target_name) : !comms.has(comm_id)) return
      const comm = String(comm_id)
      const target = String(target_name ?? '')
      comms.said(message, comm, target)
      const buffers = context.buffers.map((bytes) => Buffer.from(bytes).toString('base64'))
      await evaluator.comm({ message, comm, target, data, metadata, buffers }, (id) =>
        adopt(id, { silent: false, count: count.value }),
      )
    },
  }
}
