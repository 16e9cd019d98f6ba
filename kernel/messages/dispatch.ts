import { within } from '../../src/host/within.js'
import { type Content, type Message, newHeader } from '../wire/frames.js'
import type { Sockets } from '../wire/sockets.js'
import type { Output } from './output.js'
import type { Publisher } from './publisher.js'
import { noSubshell, type Queue } from './subshells.js'
import { table } from './table.js'
import type { Context, Kernel } from './types.js'

interface Parts {
  sockets: Sockets
  publisher: Publisher
  output: Output
  kernel: Kernel
  session: string
}

/** What no cell holds up. */
const questions = /^(complete|inspect|is_complete|history|comm_info|kernel_info)_request$/
/** Milliseconds that a question waits for the cells before it. */
const patience = 100

/** The one path of a request: busy, exactly one reply (an error reply if the handler throws), idle in `finally`. */
export class Dispatcher {
  readonly #parts: Parts
  #control: Promise<void> = Promise.resolve()
  #debug: Promise<void> = Promise.resolve()
  /** Cells that run or are being checked. */
  readonly #cells = new Set<Message>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Shell requests wait for each other, but for those that a cell which runs need not hold up, or waits for itself. */
  shell(message: Message): void {
    const { kernel } = this.#parts
    const { msg_type, subshell_id } = message.header
    const queue = kernel.subshells.queueOf(message)
    const passes = subshell_id
      ? msg_type !== 'execute_request'
      : queue && kernel.comms.passes(message, queue.waiting)
    if (!queue || passes) {
      void this.#answer('shell', message)
    } else if (queue.runs && questions.test(msg_type)) {
      // A quick cell is over by then, and the answer may tell of it.
      void within(patience, queue.runs, () => {}).then(() => this.#answer('shell', message))
    } else {
      queue.waiting.push(message)
      queue.runs ??= this.#drain(queue)
    }
  }

  /** Control requests pass the shell by: they are how a busy kernel is reached. */
  control(message: Message): void {
    const answer = () => this.#answer('control', message)
    // An expression that the debugger evaluates may take its time, and must not keep an interrupt waiting.
    if (message.header.msg_type === 'debug_request') this.#debug = this.#debug.then(answer)
    else this.#control = this.#control.then(answer)
  }

  async #drain(queue: Queue): Promise<void> {
    for (let next = queue.waiting.shift(); next; next = queue.waiting.shift()) {
      let skipped: Message[] = []
      await this.#answer('shell', next, async (content) => {
        if (stops(next, content)) skipped = await waiting(queue)
      })
      for (const message of skipped) await this.#skip(message)
    }
    queue.runs = undefined
  }

  /** After an error, cells that wait already are not run; requests of other kinds are answered. */
  async #skip(message: Message): Promise<void> {
    if (message.header.msg_type === 'execute_request')
      await this.#around('shell', message, () =>
        this.#reply('shell', message, 'execute_reply', aborted),
      )
    else await this.#answer('shell', message)
  }

  async #answer(
    channel: 'shell' | 'control',
    message: Message,
    beforeReply?: (content: Content | undefined) => Promise<void>,
  ): Promise<void> {
    const { msg_type } = message.header
    const handler = table.get(msg_type)
    const afterwards: (() => void)[] = []
    let content: Content | undefined
    await this.#around(channel, message, async () => {
      const known = channel === 'control' || this.#parts.kernel.subshells.queueOf(message)
      if (!handler) content = refusal(new TypeError(`kernel: unknown message type ${msg_type}`))
      else if (!known) content = refusal(noSubshell(message.header.subshell_id))
      else content = await this.#handle(handler, message, afterwards)
      const reply = handler ? handler.reply : msg_type.replace(/_request$/, '_reply')
      await beforeReply?.(content)
      // Whoever reads the reply may count on having all output.
      await this.#parts.publisher.flush()
      if (reply && content) await this.#reply(channel, message, reply, content)
    })
    for (const work of afterwards) work()
  }

  async #handle(
    handler: NonNullable<ReturnType<typeof table.get>>,
    message: Message,
    afterwards: (() => void)[],
  ): Promise<Content | undefined> {
    const { kernel, publisher, output } = this.#parts
    const context: Context = {
      ...kernel,
      metadata: message.metadata,
      buffers: message.buffers,
      publish: (type, content) => publisher.publish(type, content, message.header),
      adopt: (id, options) => output.adopt(id, { request: message, ...options }),
      afterwards: (work) => afterwards.push(work),
    }
    try {
      return (await handler.handle(message.content as never, context)) as Content | undefined
    } catch (error) {
      return refusal(error as Error)
    }
  }

  async #around(
    channel: 'shell' | 'control',
    message: Message,
    work: () => Promise<void>,
  ): Promise<void> {
    const { publisher } = this.#parts
    const say = (execution_state: 'busy' | 'idle', { header }: Message) =>
      publisher.publish('status', { execution_state }, header)
    if (message.header.msg_type === 'execute_request') this.#cells.add(message)
    say('busy', message)
    try {
      await work()
    } finally {
      this.#cells.delete(message)
      say('idle', message)
      // Clients take the kernel's state from the newest message on shell, whoever sent it.
      const cell = [...this.#cells].at(-1)
      if (cell && channel === 'shell') say('busy', cell)
      await publisher.flush()
    }
  }

  #reply(
    channel: 'shell' | 'control',
    { identities, header }: Message,
    type: string,
    content: Content,
  ) {
    return this.#parts.sockets.send(channel, {
      identities,
      header: newHeader(type, this.#parts.session),
      parent: header,
      metadata: {},
      content,
      buffers: [],
    })
  }
}

/** What waits at the time of an error. Taken before the reply: what a client sends after it is a new beginning. */
async function waiting(queue: Queue): Promise<Message[]> {
  // Requests that arrived together with the failed one may still be on their way through the event loop.
  await new Promise((resolve) => setImmediate(resolve))
  return queue.waiting.splice(0)
}

const stops = ({ header, content }: Message, reply: Content | undefined): boolean =>
  header.msg_type === 'execute_request' &&
  reply?.status === 'error' &&
  content.stop_on_error !== false

const aborted: Content = {
  status: 'aborted',
  execution_count: 0,
  user_expressions: {},
  payload: [],
}

const refusal = (error: Error): Content => ({
  status: 'error',
  ename: error.name,
  evalue: error.message,
  traceback: (error.stack ?? '').split('\n'),
})
