import type { CommEvent, OutputEvent } from '../evaluator/protocol.js'
import { type Message, newHeader, withJson } from '../wire/frames.js'
import type { Sockets } from '../wire/sockets.js'
import type { Comms } from './comms.js'
import type { Publisher } from './publisher.js'
import type { Adoption } from './types.js'

interface Owner extends Adoption {
  request: Message
}

interface OutputParts {
  publisher: Publisher
  sockets: Sockets
  comms: Comms
  session: string
}

/** How many cells, and how many comm messages, late output can still find its way to. */
const remembered = 1000

/** What the evaluator says → iopub and stdin messages of the request that caused it, also when that is over. */
export class Output {
  readonly #cells = new Map<number, Owner>()
  /** Apart, since a slider sends more messages in a minute than a person runs cells in a day. */
  readonly #messages = new Map<number, Owner>()
  readonly #publisher: Publisher
  readonly #sockets: Sockets
  readonly #comms: Comms
  readonly #session: string

  constructor({ publisher, sockets, comms, session }: OutputParts) {
    this.#publisher = publisher
    this.#sockets = sockets
    this.#comms = comms
    this.#session = session
  }

  adopt(id: number, owner: Owner): void {
    const isCell = owner.request.header.msg_type === 'execute_request'
    const owners = isCell ? this.#cells : this.#messages
    owners.set(id, { ...owner, request: { ...owner.request, content: {}, buffers: [] } })
    const [oldest] = owners.keys()
    if (owners.size > remembered) owners.delete(oldest!)
  }

  #owner(id: number): Owner | undefined {
    return this.#cells.get(id) ?? this.#messages.get(id)
  }

  show(event: OutputEvent): void {
    const owner = this.#owner(event.cell)
    if (event.type === 'comm') {
      this.#comm(event, owner)
      return
    }
    if (owner?.silent && event.type !== 'input') return
    const parent = owner?.request.header ?? {}
    switch (event.type) {
      case 'stream':
        this.#publisher.stream(event.name, event.text, parent)
        return
      case 'result':
        owner?.result?.(event.data)
        this.#publisher.publish(
          'execute_result',
          { execution_count: owner?.count ?? 0, data: event.data, metadata: {} },
          parent,
        )
        return
      case 'display':
        this.#publisher.publish(
          event.update ? 'update_display_data' : 'display_data',
          withJson('data', event.data, {
            metadata: {},
            transient: event.id === undefined ? {} : { display_id: event.id },
          }),
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

  /** The evaluator has ended while `cell` ran, or after it: nobody will ever answer the pages that talk to it. */
  closeComms(cell: number): void {
    const parent = this.#owner(cell)?.request.header ?? {}
    for (const comm_id of this.#comms.clear())
      this.#publisher.publish('comm_close', { comm_id, data: {} }, parent)
  }

  /** Also of a silent cell: the page and the evaluator must agree on what is open. */
  #comm({ message, comm, target, data, metadata, buffers }: CommEvent, owner?: Owner): void {
    this.#comms.said(message, comm, target)
    const content = { comm_id: comm, ...(message === 'open' && { target_name: target }), data }
    const bytes = buffers.map((text) => Buffer.from(text, 'base64'))
    const parent = owner?.request.header ?? {}
    this.#publisher.publish(`comm_${message}`, content, parent, { metadata, buffers: bytes })
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
