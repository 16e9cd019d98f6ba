import type { OutputEvent } from '../evaluator/protocol.js'
import { type Message, newHeader } from '../wire/frames.js'
import type { Sockets } from '../wire/sockets.js'
import type { Publisher } from './publisher.js'

interface Owner {
  request: Message
  silent: boolean
  count: number
}

/** How many requests late output can still find its way to. */
const remembered = 1000

/** What the evaluator says → iopub and stdin messages of the request that caused it, also when that is over. */
export class Output {
  readonly #owners = new Map<number, Owner>()
  readonly #publisher: Publisher
  readonly #sockets: Sockets
  readonly #session: string

  constructor(publisher: Publisher, sockets: Sockets, session: string) {
    this.#publisher = publisher
    this.#sockets = sockets
    this.#session = session
  }

  adopt(id: number, owner: Owner): void {
    this.#owners.set(id, owner)
    const [oldest] = this.#owners.keys()
    if (this.#owners.size > remembered) this.#owners.delete(oldest!)
  }

  show(event: OutputEvent): void {
    const owner = this.#owners.get(event.cell)
    if (owner?.silent && event.type !== 'input') return
    const parent = owner?.request.header ?? {}
    switch (event.type) {
      case 'stream':
        this.#publisher.stream(event.name, event.text, parent)
        return
      case 'result':
        this.#publisher.publish(
          'execute_result',
          { execution_count: owner?.count ?? 0, data: event.data, metadata: {} },
          parent,
        )
        return
      case 'display':
        this.#publisher.publish(
          event.update ? 'update_display_data' : 'display_data',
          {
            data: event.data,
            metadata: {},
            transient: event.id === undefined ? {} : { display_id: event.id },
          },
          parent,
        )
        return
      case 'clear':
        this.#publisher.publish('clear_output', { wait: event.wait }, parent)
        return
      case 'late':
        this.#publisher.publish('error', { ...event.error }, parent)
        return
      case 'input':
        if (owner) void this.#ask(owner, event)
    }
  }

  async #ask({ request }: Owner, event: OutputEvent & { type: 'input' }): Promise<void> {
    // The question must not overtake the text printed before it.
    await this.#publisher.flush()
    await this.#sockets.send('stdin', {
      identities: request.identities,
      header: newHeader('input_request', this.#session),
      parent: request.header,
      metadata: {},
      content: { prompt: event.prompt, password: event.password },
      buffers: [],
    })
  }
}
