import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Dealer, Request, Subscriber } from 'zeromq'
import { kernelSpec } from '../../kernel/install/spec.js'
import { address, type Connection } from '../../kernel/wire/connection.js'
import { type Content, decode, encode, type Message, newHeader } from '../../kernel/wire/frames.js'

export interface StartOptions {
  /** Working folder of the kernel; a private empty one by default. */
  cwd?: string
  env?: Record<string, string>
  /** What type errors do; off by default, since the language service has tests of its own. */
  types?: 'error' | 'warn' | 'off'
  /** The program and its arguments, as a kernel.json has them. */
  argv?: string[]
  /** The Node that runs the kernel. */
  node?: string
  /** Of the connection file and its folder; by default only their owner's. */
  permissions?: { file: number; folder: number }
}

export interface Executed {
  reply: Content
  /** iopub messages of the request, busy and idle included, in order of arrival. */
  messages: Message[]
}

/** A bare Jupyter client on real sockets: it knows nothing of the kernel but the protocol. */
export class KernelClient {
  readonly folder: string
  readonly process: ChildProcess
  readonly connection: Connection
  readonly session = randomUUID()
  /** Everything on iopub since the start. */
  readonly iopub: Message[] = []
  /** What the kernel process itself printed; a good kernel prints nothing. It may come after messages that were sent later. */
  stderr = ''
  exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** What to answer a question of `input()`; without it nobody answers. */
  onInput: ((message: Message) => string) | undefined

  readonly #shell = new Dealer()
  readonly #control = new Dealer()
  readonly #stdin: Dealer
  readonly #sub = new Subscriber()
  readonly #heartbeat = new Request()
  readonly #replies: Message[] = []
  readonly #watchers = new Set<() => void>()

  constructor({
    argv = kernelSpec().argv,
    cwd,
    env,
    node,
    types = 'off',
    permissions = { file: 0o600, folder: 0o700 },
  }: StartOptions = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'downhill-kernel-'))
    this.connection = {
      transport: 'ipc',
      ip: join(this.folder, 'k'),
      key: randomBytes(16).toString('hex'),
      signature_scheme: 'hmac-sha256',
      shell_port: 1,
      iopub_port: 2,
      stdin_port: 3,
      control_port: 4,
      hb_port: 5,
    }
    const file = join(this.folder, 'connection.json')
    writeFileSync(file, JSON.stringify(this.connection), { mode: permissions.file })
    chmodSync(this.folder, permissions.folder)
    const [command, ...args] = argv.map((arg) => arg.replace('{connection_file}', file))
    this.process = spawn(node ?? command!, args, {
      cwd: cwd ?? this.folder,
      // As Jupyter does: so that no kernel outlives a test run that was killed.
      env: { ...process.env, JPY_PARENT_PID: `${process.pid}`, DOWNHILL_TYPES: types, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.process.stderr?.on('data', (chunk) => {
      this.stderr += chunk
      this.#look()
    })
    this.exit = new Promise((resolve) => {
      this.process.on('exit', (code, signal) => resolve({ code, signal }))
    })
    // Jupyter clients send from shell and stdin under one routing id: that is how a question finds its asker.
    this.#shell.routingId = this.session
    this.#stdin = new Dealer({ routingId: this.session })
    const sockets = {
      shell: this.#shell,
      control: this.#control,
      stdin: this.#stdin,
      iopub: this.#sub,
      hb: this.#heartbeat,
    } as const
    for (const [channel, socket] of Object.entries(sockets)) {
      socket.linger = 0
      socket.reconnectInterval = 5
      socket.connect(address(this.connection, channel as keyof typeof sockets))
    }
    this.#sub.subscribe()
    void this.#read(this.#sub, (message) => this.iopub.push(message))
    void this.#read(this.#shell, (message) => this.#replies.push(message))
    void this.#read(this.#control, (message) => this.#replies.push(message))
    void this.#read(this.#stdin, (message) => void this.#answer(message))
  }

  /** The program that kernelspecs start. */
  static readonly program = kernelSpec().argv[1]!

  /** Starts a kernel and waits until it answers and we are subscribed. */
  static async start(options: StartOptions = {}): Promise<KernelClient> {
    const client = new KernelClient(options)
    await Promise.all([
      client.request('kernel_info_request', {}),
      client.until(() => client.iopub.find((m) => m.header.msg_type === 'iopub_welcome')),
    ])
    return client
  }

  async send(
    type: string,
    content: Content,
    channel: 'shell' | 'control' = 'shell',
    metadata: Content = {},
    buffers: Uint8Array[] = [],
  ) {
    const message: Message = {
      identities: [],
      header: newHeader(type, this.session),
      parent: {},
      metadata,
      content,
      buffers,
    }
    await this.raw(encode(message, this.connection.key), channel)
    return message.header.msg_id
  }

  async raw(frames: Uint8Array[], channel: 'shell' | 'control' = 'shell'): Promise<void> {
    await (channel === 'shell' ? this.#shell : this.#control).send(frames)
  }

  async request(type: string, content: Content, channel: 'shell' | 'control' = 'shell') {
    return this.reply(await this.send(type, content, channel))
  }

  async reply(id: string): Promise<Message> {
    return this.until(() => this.#replies.find((message) => message.parent.msg_id === id))
  }

  async execute(code: string, options: Content = {}): Promise<Executed> {
    return this.finished(await this.send('execute_request', { code, ...options }))
  }

  /** Waits for the reply and for idle. */
  async finished(id: string): Promise<Executed> {
    const reply = await this.reply(id)
    await this.until(() => this.published(id).find(isIdle))
    return { reply: reply.content, messages: this.published(id) }
  }

  published(id: string): Message[] {
    return this.iopub.filter(({ parent }) => parent.msg_id === id)
  }

  async heartbeat(): Promise<string> {
    await this.#heartbeat.send('ping')
    return String((await this.#heartbeat.receive())[0])
  }

  /** Waits until `probe` gives something; asked again after every message, and after what the process printed. */
  until<T>(probe: () => T | undefined, milliseconds = 20_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = probe()
        if (found === undefined) return
        this.#watchers.delete(look)
        clearTimeout(timer)
        resolve(found)
      }
      const timer = setTimeout(() => {
        this.#watchers.delete(look)
        const seen = this.iopub
          .slice(-20)
          .map((m) => `${m.header.msg_type} ${JSON.stringify(m.content).slice(0, 200)}`)
        reject(
          new Error(
            `nothing after ${milliseconds} ms; last on iopub:\n${seen.join('\n')}\n${this.stderr}`,
          ),
        )
      }, milliseconds)
      this.#watchers.add(look)
      look()
    })
  }

  async close(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await this.send('shutdown_request', { restart: false }, 'control')
      const killer = setTimeout(() => this.process.kill('SIGKILL'), 5000)
      await this.exit
      clearTimeout(killer)
    }
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#sub, this.#heartbeat])
      socket.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #read(socket: Dealer | Subscriber, sink: (message: Message) => void): Promise<void> {
    for await (const frames of socket) {
      sink(decode(frames, this.connection.key))
      this.#look()
    }
  }

  #look(): void {
    for (const look of [...this.#watchers]) look()
  }

  async #answer(request: Message): Promise<void> {
    if (!this.onInput) return
    const value = this.onInput(request)
    const message: Message = {
      identities: [],
      header: newHeader('input_reply', this.session),
      parent: request.header,
      metadata: {},
      content: { value },
      buffers: [],
    }
    await this.#stdin.send(encode(message, this.connection.key))
  }
}

export const isIdle = (message: Message): boolean => message.content.execution_state === 'idle'

/** Text of a stream, joined. */
export const streamed = (messages: Message[], name = 'stdout'): string =>
  messages
    .filter(({ header, content }) => header.msg_type === 'stream' && content.name === name)
    .map(({ content }) => content.text)
    .join('')

/** The contents of one message type. */
export const contents = (messages: Message[], type: string): Content[] =>
  messages.filter(({ header }) => header.msg_type === type).map(({ content }) => content)

/** text/plain of the execute_result. */
export const resultText = (messages: Message[]): string | undefined =>
  (contents(messages, 'execute_result')[0]?.data as Record<string, string> | undefined)?.[
    'text/plain'
  ]
