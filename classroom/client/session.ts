import type { ILanguageInfoMetadata } from '@jupyterlab/nbformat'
import {
  type Kernel,
  KernelAPI,
  KernelConnection,
  type KernelMessage,
  type ServerConnection,
} from '@jupyterlab/services'
import { UserError } from '../../src/host/user-error.js'
import { within } from '../../src/host/within.js'
import { type Displays, errorOf, OutputCollector } from './outputs.js'
import type { ExecuteOptions, Outcome, Session, Status } from './types.js'

const startLimit = 60_000
/** A kernel that is interrupted gets this long: our own kills its evaluator after 3 s and answers. */
const interruptGrace = 6_000
/** Broadcasts that were lost never come: a reply counts without its "idle" once nothing has been heard for so long. */
const quietLimit = 5_000
const statuses = { ok: 'ok', error: 'error', abort: 'aborted', aborted: 'aborted' } as const

type ExecuteFuture = Kernel.IShellFuture<
  KernelMessage.IExecuteRequestMsg,
  KernelMessage.IExecuteReplyMsg
>

export interface SessionOptions {
  settings: ServerConnection.ISettings
  /** Asks the server for a kernel: the body of POST /api/kernels. */
  request(): { name: string } & Record<string, unknown>
}

/** A kernel behind a server's REST and WebSocket interface, wherever that server is. */
export class ServerSession implements Session {
  #connection!: KernelConnection
  #death!: Promise<'dead'>
  #heard = 0
  #language: ILanguageInfoMetadata = { name: '' }
  readonly #collectors = new Map<string, OutputCollector>()
  readonly #displays: Displays = new Map()

  private constructor(private readonly options: SessionOptions) {}

  static async start(options: SessionOptions): Promise<ServerSession> {
    const session = new ServerSession(options)
    await session.#start()
    return session
  }

  get kernelId(): string {
    return this.#connection.id
  }

  get language(): ILanguageInfoMetadata {
    return this.#language
  }

  get alive(): boolean {
    return !this.#connection.isDisposed
  }

  async #start(): Promise<void> {
    const { settings } = this.options
    const model = await KernelAPI.startNew(this.options.request(), settings)
    // Comms are not handled: nothing here shows widgets, and a hostile kernel may open as many as it likes.
    const connection = new KernelConnection({ model, serverSettings: settings, handleComms: false })
    this.#connection = connection
    this.#death = new Promise((resolve) => {
      connection.disposed.connect(() => resolve('dead'))
      connection.connectionStatusChanged.connect((_, status) => {
        if (status === 'disconnected') resolve('dead')
      })
      // The server has already replaced the kernel: whatever ran in it is lost.
      connection.statusChanged.connect((_, status) => {
        if (status === 'autorestarting') connection.dispose()
      })
    })
    connection.iopubMessage.connect((_, message) => {
      this.#heard = performance.now()
      this.#collectors.get(idOf(message))?.add(message)
    })
    const info = await within(startLimit, Promise.race([connection.info, this.#death]), late)
    if (info === 'dead' || info === 'late') {
      await this.shutdown()
      throw new UserError(
        info === 'dead'
          ? 'the kernel ended at its start'
          : `the kernel gave no answer in ${startLimit / 1000} s`,
      )
    }
    if (info.status === 'ok') this.#language = info.language_info as ILanguageInfoMetadata
  }

  async execute(code: string, options: ExecuteOptions = {}): Promise<Outcome> {
    const { timeout, silent = false, storeHistory = !silent, stopOnError = true } = options
    const { outputLimit = 1e6, dropStreams = false, metadata } = options
    const collector = new OutputCollector({
      limit: outputLimit,
      dropStreams,
      displays: this.#displays,
    })
    const result = (status: Status, executionCount: number | null = null): Outcome => ({
      status,
      executionCount,
      outputs: collector.outputs,
    })
    if (!this.alive) return result('dead')
    const content = {
      code,
      silent,
      store_history: storeHistory,
      stop_on_error: stopOnError,
      allow_stdin: false,
    }
    const future = this.#connection.requestExecute(content, true, metadata)
    this.#collectors.set(future.msg.header.msg_id, collector)
    const done: Promise<KernelMessage.IExecuteReplyMsg | 'dead'> = Promise.race([
      future.done.catch(() => 'dead' as const),
      this.#replyWithoutIdle(future),
      this.#death,
    ])
    let reply = timeout === undefined ? await done : await within(timeout, done, late)
    const overtime = reply === 'late'
    if (overtime) {
      await this.interrupt().catch(() => {})
      reply = await within(interruptGrace, done, late)
    }
    if (reply === 'late') await this.shutdown()
    if (reply === 'late' || reply === 'dead') return result('dead')
    const answer = reply.content as { status: string; execution_count?: number | null }
    const status = statuses[answer.status as keyof typeof statuses] ?? 'error'
    const outcome = result(overtime ? 'timeout' : status, answer.execution_count ?? null)
    if (status === 'error') outcome.error = errorOf(answer)
    return outcome
  }

  #replyWithoutIdle(future: ExecuteFuture): Promise<KernelMessage.IExecuteReplyMsg> {
    return new Promise((resolve) => {
      future.onReply = (reply) => {
        this.#heard = performance.now()
        const timer = setInterval(() => {
          if (performance.now() - this.#heard < quietLimit) return
          resolve(reply)
          future.dispose()
        }, 1000)
        void future.done.catch(() => {}).then(() => clearInterval(timer))
      }
    })
  }

  async interrupt(): Promise<void> {
    await KernelAPI.interruptKernel(this.#connection.id, this.options.settings)
  }

  async restart(): Promise<void> {
    this.#collectors.clear()
    this.#displays.clear()
    if (this.alive) {
      await this.#connection.restart()
      await this.#connection.info
    } else {
      await this.shutdown()
      await this.#start()
    }
  }

  async shutdown(): Promise<void> {
    const { id } = this.#connection
    this.#connection.dispose()
    await KernelAPI.shutdownKernel(id, this.options.settings).catch(() => {})
  }
}

const idOf = (message: KernelMessage.IMessage) =>
  'msg_id' in message.parent_header ? message.parent_header.msg_id : ''

const late = () => 'late' as const
