import { type Content, type Message, newHeader } from '../wire/frames.js'
import type { Sockets } from '../wire/sockets.js'

type Parent = Message['parent']
type Enclosed = Partial<Pick<Message, 'metadata' | 'buffers'>>

/** Milliseconds that printed text waits for more of its kind: 20,000 lines become a handful of messages. */
const patience = 20
/** Characters at which it does not wait any longer. */
const enough = 1 << 18

/** iopub: everything that all clients see, in the order in which it happened. */
export class Publisher {
  readonly #sockets: Sockets
  readonly #session: string
  #held: { name: string; parent: Parent; texts: string[]; length: number } | undefined
  #timer: NodeJS.Timeout | undefined
  #sent: Promise<void> = Promise.resolve()
  #spoke = false

  constructor(sockets: Sockets, session: string) {
    this.#sockets = sockets
    this.#session = session
  }

  /**
   * That the kernel starts, if that is still news. For the first subscriber, when it was welcomed: ZeroMQ hands a new one what
   * is published before we know of it, and its first message must be the welcome (JEP 65).
   */
  starting(): void {
    if (!this.#spoke) this.publish('status', { execution_state: 'starting' }, {})
  }

  publish(type: string, content: Content | Uint8Array, parent: Parent, enclosed?: Enclosed): void {
    this.#release()
    this.#send(type, content, parent, enclosed)
  }

  stream(name: 'stdout' | 'stderr', text: string, parent: Parent): void {
    if (this.#held && (this.#held.name !== name || this.#held.parent !== parent)) this.#release()
    this.#held ??= { name, parent, texts: [], length: 0 }
    this.#held.texts.push(text)
    this.#held.length += text.length
    if (this.#held.length > enough) this.#release()
    else this.#timer ??= setTimeout(() => this.#release(), patience)
  }

  /** Resolves when all that was published is in ZeroMQ's hands. */
  async flush(): Promise<void> {
    this.#release()
    await this.#sent
  }

  #release(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (!this.#held) return
    const { name, texts, parent } = this.#held
    this.#held = undefined
    this.#send('stream', { name, text: texts.join('') }, parent)
  }

  #send(
    type: string,
    content: Content | Uint8Array,
    parent: Parent,
    enclosed: Enclosed = {},
  ): void {
    this.#spoke = true
    this.#sent = this.#sockets.send('iopub', {
      identities: [Buffer.from(`kernel.${this.#session}.${type}`)],
      header: newHeader(type, this.#session),
      parent,
      metadata: enclosed.metadata ?? {},
      content,
      buffers: enclosed.buffers ?? [],
    })
  }
}
